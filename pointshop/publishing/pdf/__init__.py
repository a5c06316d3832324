"""Sheets as PDF, set by typst (extra `pdf`) in the fonts that `python3 dev.py fonts` makes."""
