"""Floor 4: who has to step aside for whom (回避): the households and relatives of those who give points."""
