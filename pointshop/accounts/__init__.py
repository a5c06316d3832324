"""Floor 2: users, what they may do where, and their sessions (账号)."""
