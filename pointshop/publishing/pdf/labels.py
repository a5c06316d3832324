"""Shelf labels (货架价签): what a thing is called and costs in points, and the code that a clerk scans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pointshop.publishing.pdf.typesetter import set_pdf
from pointshop.publishing.qr import qr_svg


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfLabel:
    """spec, unit: 500 g, 瓶. limit: what a household may take, in words, or empty. scanned: what the code says."""

    name: str
    spec: str
    unit: str
    points: int
    limit: str
    scanned: str


def shelf_labels_pdf(labels: Sequence[ShelfLabel], *, village: str, made_at: datetime) -> bytes:
    """Sheets of A4 with 24 labels of 63.5 × 33.9 mm, as label sheets are cut. Raises NoPdf, LacksGlyphs."""
    return set_pdf("labels", shelf_labels_data(labels, village=village), made_at=made_at)


def shelf_labels_data(labels: Sequence[ShelfLabel], *, village: str) -> dict[str, Any]:
    """What the template `labels` is filled with."""
    return {
        "village": village,
        "labels": [
            {
                "name": label.name,
                "about": " ".join(part for part in (label.spec, label.limit) if part),
                "unit": label.unit,
                "points": label.points,
                "scanned": label.scanned,
                "qr_drawing": qr_svg(label.scanned),
            }
            for label in labels
        ],
    }
