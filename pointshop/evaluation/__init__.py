"""Evaluation rounds (评选): who is put up, who votes or judges, what it came to, and the points for it."""
