"""Points given to a neighbour in need (转赠): moved from purse to purse, never earned by it."""
