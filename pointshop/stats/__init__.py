"""Floor 7: what reads across features (存折、汇总)."""
