"""create_app(): the one place where features are wired together."""

import os
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_smorest import Api
from werkzeug.routing import BaseConverter

from pointshop.accounts import api as accounts
from pointshop.accounts import resets_api as passwords
from pointshop.accounts import wechat_api
from pointshop.accounts.queries import identify
from pointshop.adjustments import api as adjustments
from pointshop.adjustments import checks as adjustment_checks
from pointshop.closing import api as closing
from pointshop.config import EXTENSION, Config, read_config
from pointshop.core.db import Base, connect_app, db, pressure
from pointshop.core.guards import guard_new_tables
from pointshop.core.http import NoSessions, SecurityHeaders
from pointshop.core.ids import NAME_PATTERN
from pointshop.core.problems import handle_errors
from pointshop.core.proxies import TrustedProxies
from pointshop.core.routes import Feature
from pointshop.core.schema import MIGRATIONS
from pointshop.core.work import Work
from pointshop.evaluation import api as evaluation
from pointshop.evaluation import checks as evaluation_checks
from pointshop.evaluation import vote_api, vote_page
from pointshop.events import api as events
from pointshop.events import checks as event_checks
from pointshop.events import sheet_api, signing_api
from pointshop.gifts import api as gifts
from pointshop.gifts import checks as gift_checks
from pointshop.honors import api as honors
from pointshop.inspection import api as inspection
from pointshop.inspection import checks as inspection_checks
from pointshop.kinship import api as kinship
from pointshop.ledger import checks as ledger_checks
from pointshop.ledger.seal import ENTRIES, Sealed
from pointshop.ledger.verify import Check
from pointshop.lineage import api as lineage
from pointshop.lineage import checks as lineage_checks
from pointshop.merits import api as merits
from pointshop.merits import checks as merit_checks
from pointshop.merits import photos_api as photos
from pointshop.merits import rules_api as rules
from pointshop.merits.service import post_due
from pointshop.notices import api as notices
from pointshop.notices import checks as notice_checks
from pointshop.notices import desk_api, objection_api, posting_api, public_api
from pointshop.ops import api as ops
from pointshop.ops.metrics import Counts
from pointshop.ops.requests import watch_requests
from pointshop.ops.spec import describe_fields, describe_problems
from pointshop.people import api as people
from pointshop.people import checks as people_checks
from pointshop.pins import api as pins
from pointshop.pins import checks as pin_checks
from pointshop.publishing import api as publishing
from pointshop.publishing import cards_api as cards
from pointshop.publishing import checks as publishing_checks
from pointshop.regions import api as regions
from pointshop.reminders import api as reminders
from pointshop.shop import api as shop
from pointshop.shop import checks as shop_checks
from pointshop.shop import goods_api
from pointshop.stats import anomalies_api as anomalies
from pointshop.stats import api as stats
from pointshop.storeroom import api as storeroom
from pointshop.storeroom import checks as storeroom_checks
from pointshop.storeroom import household_api
from pointshop.subjects import api as subjects
from pointshop.subjects import checks as subject_checks
from pointshop.sync import api as sync
from pointshop.treasury import api as treasury
from pointshop.treasury import checks as treasury_checks
from pointshop.vetoes import api as vetoes
from pointshop.vetoes import checks as veto_checks
from pointshop.web import board_api, card_api, event_api, files_api

FEATURES: tuple[Feature, ...] = (
    regions.feature,
    accounts.feature,
    passwords.feature,
    wechat_api.feature,
    people.feature,
    kinship.feature,
    pins.feature,
    rules.feature,
    merits.feature,
    photos.feature,
    anomalies.feature,
    adjustments.feature,
    publishing.feature,
    cards.feature,
    honors.feature,
    sync.feature,
    lineage.feature,
    subjects.feature,
    vetoes.feature,
    reminders.feature,
    inspection.feature,
    closing.feature,
    evaluation.feature,
    vote_api.feature,
    vote_page.feature,
    goods_api.feature,
    shop.feature,
    storeroom.feature,
    household_api.feature,
    treasury.feature,
    gifts.feature,
    events.feature,
    signing_api.feature,
    sheet_api.feature,
    stats.feature,
    notices.feature,
    posting_api.feature,
    objection_api.feature,
    public_api.feature,
    desk_api.feature,
    ops.feature,
    files_api.feature,
    card_api.feature,
    board_api.feature,
    event_api.feature,
)

#: The invariants that `pointshop verify` proves, besides those of the database itself and of the seals.
CHECKS: tuple[Check, ...] = (
    *ledger_checks.CHECKS,
    *people_checks.CHECKS,
    *pin_checks.CHECKS,
    *merit_checks.CHECKS,
    *adjustment_checks.CHECKS,
    *lineage_checks.CHECKS,
    *subject_checks.CHECKS,
    *veto_checks.CHECKS,
    *inspection_checks.CHECKS,
    *evaluation_checks.CHECKS,
    *shop_checks.CHECKS,
    *storeroom_checks.CHECKS,
    *treasury_checks.CHECKS,
    *gift_checks.CHECKS,
    *event_checks.CHECKS,
    *publishing_checks.CHECKS,
    *notice_checks.CHECKS,
)
#: What the daily seal covers.
SEALED: tuple[Sealed, ...] = (
    ENTRIES,
    shop_checks.SEALED_MOVES,
    publishing_checks.SEALED,
    notice_checks.SEALED,
    treasury_checks.SEALED,
)
#: What `pointshop post-due` does in each village, in a unit of work of its own; each returns how many it posted.
DUE: tuple[Callable[[Work, int], int], ...] = (post_due,)

#: Bytes of a JSON body; routes that take files raise it for themselves.
MAX_BODY = 1024 * 1024
guard_new_tables(Base.metadata)


class _Pattern(BaseConverter):
    part_isolating = True


class VillageCode(_Pattern):
    """A 12-digit village code."""

    regex = r"[1-9][0-9]{11}"


class RegionCode(_Pattern):
    """A division code of any level."""

    regex = r"[1-9][0-9]{1,11}"


class ClientName(_Pattern):
    """A UUID made by the client."""

    regex = NAME_PATTERN


def open_books(config: Config) -> Flask:
    """The configuration and the database without the service: what commands work in."""
    app = Flask("pointshop", static_folder=None)
    app.config["SECRET_KEY"] = config.secret_key
    app.extensions[EXTENSION] = config
    connect_app(app, config.database_url)
    Migrate(app, db, directory=str(MIGRATIONS))
    return app


def create_app(config: Config | None = None) -> Flask:
    """The whole service as a WSGI app. config: read from the environment when not given."""
    config = config or read_config(os.environ)
    app = open_books(config)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        API_TITLE="pointshop 积分商店",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
    )
    app.extensions["pointshop.identify"] = identify
    app.url_map.converters.update(village=VillageCode, region=RegionCode, name=ClientName)
    app.url_map.strict_slashes = True
    # a doubled slash is a mistake, not a reason to send anyone to whatever host the request named
    app.url_map.merge_slashes = False
    _register(app)
    handle_errors(app)
    counts = app.extensions["pointshop.counts"] = Counts(config.metrics_dir)
    pressure(app).retried = counts.add_retry
    watch_requests(app, counts)
    app.session_interface = NoSessions()
    is_https = config.public_url.startswith("https:")
    app.wsgi_app = SecurityHeaders(app.wsgi_app, is_https=is_https)  # type: ignore[method-assign]  # as Flask documents it
    if config.trusted_proxies:
        app.wsgi_app = TrustedProxies(app.wsgi_app, config.trusted_proxies)  # type: ignore[method-assign]
    return app


def _register(app: Flask) -> None:
    api = _Api(app, spec_kwargs={"info": {"description": "乡村积分商店：记功、兑换、上榜"}})
    for converter, description in (
        (VillageCode, "12 位村代码"),
        (RegionCode, "区划代码"),
        (ClientName, "客户端生成的 UUID"),
    ):
        api.register_converter(converter, _describe(converter, description))
    describe_fields(api)
    for feature in FEATURES:
        api.register_blueprint(feature)
    describe_problems(api)
    app.extensions["pointshop.spec"] = api.spec


class _Api(Api):  # type: ignore[misc]  # flask-smorest has no types
    """Documents routes; errors are answered by core.problems, for pages too."""

    #: every status is written down by name (core.route_docs): a default would take anything
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """None of its own."""


def _describe(converter: type[BaseConverter], description: str) -> Any:
    def describe(_converter: BaseConverter) -> dict[str, str]:
        return {"type": "string", "pattern": f"^{converter.regex}$", "description": description}

    return describe
