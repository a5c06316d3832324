"""Floor 7: what phones did while they had no signal (离线上传)."""
