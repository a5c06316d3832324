"""Floor 0: what every feature stands on. Knows no feature."""
