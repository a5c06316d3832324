"""Floor 6: what is done with the goods besides selling them: stocktakes by two persons (盘点)."""
