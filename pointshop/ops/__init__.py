"""Floor 8: what operators and programmers ask: is it alive, is it ready, what does it do, what does it offer."""
