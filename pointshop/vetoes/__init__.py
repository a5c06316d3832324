"""Vetoes (一票否决): dated effects on a household that can be appealed. Never a number, never on a public board."""
