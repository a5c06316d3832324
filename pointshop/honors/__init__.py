"""Floor 6: rankings and honor rolls (光荣榜). They count what was done, never what is left to spend."""
