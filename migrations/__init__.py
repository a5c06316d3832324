"""The schema's history, one numbered step per file in versions/; installed as pointshop._migrations."""
