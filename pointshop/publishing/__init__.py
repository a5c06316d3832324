"""Floor 4: what the village publishes: frozen documents, their notice periods, the pages that print and show them."""
