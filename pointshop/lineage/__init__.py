"""Households that change (户口变动): divided, joined, gone to another village, come from one, under a new head.

No point is made or lost by any of it. Within a village both passbooks get their line in one unit of work; between
villages there are two, each in its own village, and a document carries the points from one to the other.
"""
