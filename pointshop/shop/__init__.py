"""Floor 5: the shop (积分商店): goods and their moves, scanned cards, redemptions, voids, receipts."""
