"""Floor 1: the official region tree and the village with its settings (区划, 村)."""
