"""Floor 3: households, their members and their cards (户、成员、积分卡)."""
