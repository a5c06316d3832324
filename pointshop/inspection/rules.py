"""How many lines to re-check, and which. Pure: numbers and a seed in, the sample out."""

import hashlib
import math
from collections.abc import Iterable

#: confidence in per cent → quantile of the normal distribution, in thousandths
_QUANTILES = {90: 1645, 95: 1960, 99: 2576}
CONFIDENCES = tuple(_QUANTILES)


def sample_size(population: int, *, confidence: int, margin: int) -> int:
    """Lines to look at so that the share of wrong ones is known within `margin` per cent.

    Cochran's formula at the worst share (one half) with the correction for a finite population, rounded up; never more
    than there are. confidence: one of CONFIDENCES, per cent. margin: 1..50, per cent.
    """
    quantile = _QUANTILES[confidence]
    # (z/1000)² · 1/4 / (margin/100)², kept as a fraction of whole numbers: the same on every machine
    above, below = quantile**2 * 10_000, 4_000_000 * margin**2
    # n = n0·N / (n0 + N - 1)
    needed = math.ceil(above * population / (above + below * (population - 1))) if population else 0
    return min(population, needed)


def draw(names: Iterable[str], *, size: int, seed: str) -> list[str]:
    """The `size` names whose SHA-256 with the seed comes first: anyone who knows the seed can draw again.

    No other choice of seed-bound order depends on what the names are, so nobody can place a line out of reach.
    """
    return sorted(names, key=lambda name: hashlib.sha256(f"{seed}\x1f{name}".encode()).digest())[:size]
