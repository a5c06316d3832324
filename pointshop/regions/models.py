"""Tables of the region tree and of villages."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers

#: Where a village has not said otherwise, goods run low at so many pieces.
LOW_STOCK = 5


class Region(Base):
    """One place of the official tree (行政区划): province, city, county, township, village."""

    __tablename__ = "region"
    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 5", name="level"),
        CheckConstraint("(level = 0) = (parent IS NULL)", name="only_root_has_no_parent"),
        CheckConstraint("(level = 5) = (village_id IS NOT NULL)", name="village_has_id"),
        # paths lead from the root down, so they put parents first
        {"info": {"dist": "reference", "order": ["path"]}},
    )

    #: statistical division code: 2, 4, 6, 9 or 12 digits; "0" is the whole country
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(60))
    parent: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    #: codes from the root down, `/0/41/4109/…/`; ends with a slash so that a prefix is a whole code
    path: Mapped[str] = mapped_column(String(80), unique=True)
    #: the code at founding; never changes, the code may
    village_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)


class Village(Base):
    """An administrative village (行政村) and how it runs its scheme."""

    __tablename__ = "village"
    __table_args__ = (
        CheckConstraint("rate_fen BETWEEN 1 AND 100000", name="rate_fen"),
        CheckConstraint("review_levels BETWEEN 0 AND 2", name="review_levels"),
        CheckConstraint("notice_days BETWEEN 0 AND 30", name="notice_days"),
        CheckConstraint("backdate_days BETWEEN 0 AND 366", name="backdate_days"),
        CheckConstraint("void_minutes BETWEEN 0 AND 1440", name="void_minutes"),
        CheckConstraint("card_daily_points > 0", name="card_daily_points"),
        CheckConstraint("period_budget > 0", name="period_budget"),
        CheckConstraint("pin_above_points >= 0", name="pin_above_points"),
        CheckConstraint("gift_points_given BETWEEN 0 AND 1000000", name="gift_points_given"),
        CheckConstraint("gift_points_received BETWEEN 0 AND 1000000", name="gift_points_received"),
        one_of("public_names", ["consent", "full", "masked"]),
        {"info": {"dist": "village_id"}},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    founded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: last instant that a seal covers: whatever is booked from now on bears a later one
    sealed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: counts edits of the settings; the ETag
    version: Mapped[int] = mapped_column(Integer, default=1)
    #: what one point is worth at the supplier, in fen
    rate_fen: Mapped[int] = mapped_column(Integer, default=100)
    #: signatures a merit needs before it counts
    review_levels: Mapped[int] = mapped_column(SmallInteger, default=0)
    #: days a merit hangs on the wall before its points can be spent
    notice_days: Mapped[int] = mapped_column(SmallInteger, default=0)
    #: how many days back a deed may still be logged
    backdate_days: Mapped[int] = mapped_column(SmallInteger, default=31)
    #: ISO weekdays on which the shop redeems, as digits: `1234567`
    redemption_weekdays: Mapped[str] = mapped_column(String(7), default="1234567")
    #: minutes in which the clerk may void a redemption alone
    void_minutes: Mapped[int] = mapped_column(SmallInteger, default=15)
    #: points a household may spend on one day
    card_daily_points: Mapped[int | None] = mapped_column(Integer)
    #: points the village may issue in one calendar month
    period_budget: Mapped[int | None] = mapped_column(Integer)
    #: points a household may spend on one day without its PIN; None: any number
    pin_above_points: Mapped[int | None] = mapped_column(Integer)
    #: whose names public sheets show in full: with consent, all (by resolution of the village meeting), nobody's
    public_names: Mapped[str] = mapped_column(String(10), default="consent")
    #: at so many pieces goods run low; a product may say otherwise; none where nobody decided
    low_stock: Mapped[int | None] = mapped_column(SmallInteger, default=LOW_STOCK)
    #: points a household may give to others in a year; 0: nobody gives
    gift_points_given: Mapped[int] = mapped_column(Integer, default=50)
    #: points a household may be given in a year
    gift_points_received: Mapped[int] = mapped_column(Integer, default=150)


class SettingsChange(Base):
    """The settings of a village from an instant on, and who decided them (村设置变动). Never changed."""

    __tablename__ = "settings_change"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        *whole_numbers("version", "period_budget"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    #: of the settings, as in `Village`
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: 0 where nobody was signed in
    actor_id: Mapped[int] = mapped_column(BigInteger)
    #: all settings, by name
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: one of them, which the books are held against
    period_budget: Mapped[int | None] = mapped_column(Integer)
