"""All that is held of a household as a page to print and hand to it (本人信息查阅单)."""

from collections.abc import Mapping
from typing import Any

from pointshop.publishing.pages import environment


def dossier_page(village: str, dossier: Mapping[str, Any], *, stylesheet_url: str) -> str:
    """A4; for the household itself, never for a wall."""
    return environment.get_template("publishing/dossier.html").render(
        village=village, dossier=dossier, stylesheet_url=stylesheet_url
    )
