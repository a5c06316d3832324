"""Notices on the wall (公示、公开): what is drawn from the books onto paper, hung, objected to and decided."""
