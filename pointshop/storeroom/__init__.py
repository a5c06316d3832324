"""Floor 6: what is done with the goods besides selling them: stocktakes (盘点), deliveries (送货), wishes (心愿)."""
