"""One revision per step, numbered; each goes up and down on SQLite and PostgreSQL with data inside."""
