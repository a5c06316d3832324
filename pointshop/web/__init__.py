"""Floor 8: pages for people: the app of the staff, the card's own page, the wall screen."""
