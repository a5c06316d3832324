"""Rules and merits (积分细则、积分记录)."""
