"""Floor 2: the books (账簿): what each household can spend, and what it was honoured for. Holds ids, no names."""
