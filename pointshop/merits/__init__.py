"""Floor 4: rules, merits, review, evidence (积分细则、积分记录、审核、佐证)."""
