"""Corrections of a household's points by hand (人工调整): one proposes, another signs, only then points move."""
