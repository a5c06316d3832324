"""What is done with the list of goods; what moves the goods themselves is in `stock`."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from pointshop.core.work import Change, Work
from pointshop.shop.goods_queries import find_product
from pointshop.shop.models import Product

_SAID = ("name", "spec", "unit", "points", "limit_quantity", "limit_period", "barcode", "is_active", "low_stock")
_INSERT = insert(Product).values(
    village_id=bindparam("village_id"),
    code=bindparam("code"),
    on_hand=0,
    last_seq=0,
    **{name: bindparam(name) for name in _SAID},
)
_PUT = Change(
    _INSERT.on_conflict_do_update(
        index_elements=[Product.village_id, Product.code],
        set_={name: _INSERT.excluded[name] for name in _SAID},
    )
)


class ProductData(NamedTuple):
    """What is said of a product. limit_quantity and limit_period: both or neither."""

    name: str
    spec: str | None
    unit: str
    points: int
    limit_quantity: int | None
    limit_period: str | None
    barcode: str | None
    is_active: bool
    low_stock: int | None = None


def put_product(work: Work, village_id: int, code: str, data: ProductData) -> bool:
    """List a product or change what is said of it, its stock untouched; returns whether it is new.

    A barcode that another product of the village carries is the index's to refuse: it raises the driver's unique
    violation, and nothing else here does.
    """
    is_new = find_product(work, village_id, code) is None
    values: dict[str, Any] = data._asdict()
    _PUT.run(work, village_id=village_id, code=code, **values)
    return is_new
