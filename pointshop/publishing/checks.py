"""The invariants of what was published (threats.md I22, as far as it concerns documents)."""

import json
from typing import Any

from sqlalchemy import and_, bindparam, func, literal, or_, select

from pointshop.ledger.seal import Sealed
from pointshop.ledger.verify import Check, marked_rows
from pointshop.publishing.document import NotCanonical, canonical_json, digest
from pointshop.publishing.models import Publication, PublicLink

#: What a report never shows: names of villagers, and the secret of a page.
_HIDDEN = frozenset({"document", "token"})


def _says_otherwise(row: Any) -> bool:
    """Whether a document is no longer the canonical text its digest was taken of."""
    try:
        content = json.loads(row.document)
        is_same: bool = digest(content) == row.digest and canonical_json(content).decode() == row.document
    except (ValueError, NotCanonical, AttributeError, TypeError):
        return True
    return not is_same


_linked = and_(
    PublicLink.token == Publication.token,
    PublicLink.village_id == Publication.village_id,
    PublicLink.publication_id == Publication.id,
)

CHECKS = (
    Check(
        "document_matches_digest",
        "I22",
        "公示件内容与校验码不符",
        select(Publication.village_id, Publication.id, Publication.digest, Publication.document),
        is_wrong=_says_otherwise,
        hides=_HIDDEN,
    ),
    Check(
        "publication_numbers_have_no_gap",
        "I22",
        "公示期号不连续",
        select(Publication.village_id, Publication.kind, Publication.year, func.max(Publication.serial).label("last"))
        .group_by(Publication.village_id, Publication.kind, Publication.year)
        .having(func.count(Publication.serial.distinct()) != func.max(Publication.serial)),
    ),
    Check(
        "publication_has_its_link",
        "I15",
        "公示件与公开链接不相配",
        select(Publication.village_id, Publication.id, literal("publication").label("in_table"))
        .outerjoin(PublicLink, _linked)
        .where(PublicLink.token.is_(None))
        .union_all(
            select(PublicLink.village_id, PublicLink.publication_id, literal("public_link"))
            .outerjoin(Publication, _linked)
            .where(or_(Publication.id.is_(None), Publication.token != PublicLink.token))
        ),
    ),
    marked_rows(Publication, hides=_HIDDEN),
)

#: Publications under the daily seal: one that is changed with its mark, or taken away, no longer fits what was printed.
SEALED = Sealed(
    "publication",
    select(Publication.mark, literal(0))
    .where(
        Publication.village_id == bindparam("village_id"),
        Publication.published_at > bindparam("after"),
        Publication.published_at <= bindparam("until"),
    )
    .order_by(Publication.published_at, Publication.id),
)
