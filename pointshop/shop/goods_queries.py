"""Reads of goods and of their stock book."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select

from pointshop.accounts.models import User
from pointshop.accounts.queries import SYSTEM_NAME
from pointshop.core.clock import day_starts_at
from pointshop.core.errors import NotFound
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.regions.models import LOW_STOCK, Village
from pointshop.shop.models import Lot, Product, StockMove


class ProductRow(NamedTuple):
    code: str
    name: str
    spec: str | None
    unit: str
    points: int
    limit_quantity: int | None
    limit_period: str | None
    barcode: str | None
    is_active: bool
    low_stock: int | None
    on_hand: int
    #: at or below this many it runs low
    low_at: int

    @property
    def is_low(self) -> bool:
        return self.on_hand <= self.low_at


_PRODUCTS: AnySelect = select(
    *(getattr(Product, name) for name in ProductRow._fields[:-1]),
    func.coalesce(Product.low_stock, Village.low_stock, LOW_STOCK),
).join(Village, Village.village_id == Product.village_id)
_PRODUCT = Prepared(_PRODUCTS.where(Product.village_id == bindparam("village_id"), Product.code == bindparam("code")))


def find_product(work: Work, village_id: int, code: str) -> ProductRow | None:
    found = _PRODUCT.first(work, village_id=village_id, code=code)
    return ProductRow(*found) if found else None


def get_product(work: Work, village_id: int, code: str) -> ProductRow:
    """The product of a code. Raises NotFound."""
    found = find_product(work, village_id, code)
    if found is None:
        raise NotFound(f"没有商品 {code}")
    return found


def goods_on_offer(work: Work, village_id: int) -> list[ProductRow]:
    """What can be taken home, the cheapest first."""
    statement = products(village_id, active=True, q=None).order_by(Product.points, Product.code)
    return [ProductRow(*row) for row in work.read(statement)]


def products(village_id: int, *, active: bool | None, q: str | None) -> AnySelect:
    """The list of goods. q: part of the name or of the code, or the barcode."""
    statement: AnySelect = _PRODUCTS.where(Product.village_id == village_id)
    if active is not None:
        statement = statement.where(Product.is_active.is_(active))
    if q:
        statement = statement.where(
            or_(
                Product.name.icontains(q, autoescape=True),
                Product.code.icontains(q, autoescape=True),
                Product.barcode == q,
            )
        )
    return statement


class MoveRow(NamedTuple):
    product_code: str
    seq: int
    id: str | None
    kind: str
    quantity: int
    on_hand_after: int
    counted: int | None
    cost_fen: int | None
    donor: str | None
    note: str | None
    recorded_at: datetime
    redemption_id: str | None
    best_before: date | None
    supplier: str | None
    names_donor: bool
    actor: str


def stock_moves(village_id: int, *, product: str | None, first: date | None, last: date | None) -> AnySelect:
    """The stock book of a village, or of one product, between two village days."""
    columns = [getattr(StockMove, name) for name in MoveRow._fields[:-4]]
    statement = (
        select(
            *columns,
            Lot.best_before,
            Lot.supplier,
            func.coalesce(Lot.names_donor, False),
            func.coalesce(User.name, SYSTEM_NAME),
        )
        .outerjoin(User, User.id == StockMove.actor_id)
        .outerjoin(
            Lot,
            and_(
                Lot.village_id == StockMove.village_id,
                Lot.product_code == StockMove.product_code,
                Lot.move_seq == StockMove.seq,
            ),
        )
        .where(StockMove.village_id == village_id)
    )
    if product is not None:
        statement = statement.where(StockMove.product_code == product)
    if first is not None:
        statement = statement.where(StockMove.recorded_at >= day_starts_at(first))
    if last is not None:
        statement = statement.where(StockMove.recorded_at < day_starts_at(last + timedelta(days=1)))
    return statement
