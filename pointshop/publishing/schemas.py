"""Shapes of what is asked about printing."""

from pointshop.core.fields import Shape, WholeText


class CardsQuery(Shape):
    group_no = WholeText(least=1, most=999, load_default=None)
