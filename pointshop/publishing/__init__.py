"""What the village publishes: frozen documents, notice periods, and the pages that print and show them."""
