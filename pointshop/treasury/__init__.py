"""Floor 6: the money behind the points (经费): the fund's own book, what suppliers are owed, and the budget line."""
