"""The statement of a closed period (结转公示) as it is frozen, and its page."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from pointshop.publishing import document as frozen
from pointshop.publishing.bounds import InvalidDocument
from pointshop.publishing.dates import civil_date
from pointshop.publishing.pages import environment
from pointshop.publishing.privacy import PrivateData, check_document

KIND = "closing"
VERSION = 1
#: All that a line may say; what isn't named here is never shown.
FIELDS = ("household", "name", "group_no", "opening", "earned", "spent", "expired", "carried")
_SUMMED = ("opening", "earned", "spent", "expired", "carried")


class StatementMismatch(ValueError):
    """The document isn't the one that was frozen under this digest."""


def statement_title(village: str, period_label: str) -> str:
    return f"{village}{period_label}积分结转公示"


def statement_page(document: Mapping[str, object], *, digest: str, stylesheet_url: str) -> str:
    """A4 to print, and the public page: one table, readable on a telephone.

    Raises StatementMismatch, PrivateData, InvalidDocument.
    """
    if frozen.digest(document) != digest:
        raise StatementMismatch(digest)
    if findings := check_document(document):
        raise PrivateData(findings)
    content = cast(dict[str, Any], document)
    if content.get("kind") != KIND or content.get("v") != VERSION:
        raise InvalidDocument("kind")
    for item in content["items"]:
        if tuple(sorted(item)) != tuple(sorted(FIELDS)):
            raise InvalidDocument("items[]")
    return environment.get_template("publishing/closing_statement.html").render(
        statement=content,
        totals={name: sum(item[name] for item in content["items"]) for name in _SUMMED},
        number_label=f"{content['number']['year']}年第{content['number']['serial']}期",
        first=civil_date(date.fromisoformat(content["first_on"])),
        last=civil_date(date.fromisoformat(content["last_on"])),
        issued_on=civil_date(date.fromisoformat(content["issued_on"])),
        digest=digest,
        stylesheet_url=stylesheet_url,
    )
