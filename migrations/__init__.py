"""The schema's history. Installed as `pointshop._migrations`; docs/migrations.md says how to add to it."""
