import pytest

from pointshop.inspection.rules import draw, sample_size


@pytest.mark.parametrize(
    ("population", "confidence", "margin", "size"),
    # the tables of Krejcie and Morgan (1970) at 95 % and 5 %, and Cochran's 97, 385 and 664 for large populations
    [
        (10, 95, 5, 10),
        (100, 95, 5, 80),
        (1000, 95, 5, 278),
        (10_000_000, 95, 5, 385),
        (10_000_000, 95, 10, 97),
        (10_000_000, 99, 5, 664),
        (1, 90, 50, 1),
        (0, 95, 5, 0),
    ],
)
def test_sample_follows_from_population_confidence_and_margin(
    population: int, confidence: int, margin: int, size: int
) -> None:
    assert sample_size(population, confidence=confidence, margin=margin) == size


def test_draw_follows_from_the_seed_alone() -> None:
    names = [f"name-{number}" for number in range(500)]
    first = draw(names, size=20, seed="0817")
    assert draw(reversed(names), size=20, seed="0817") == first
    assert len(set(first)) == 20
    assert draw(names, size=20, seed="0818") != first


def test_every_line_has_the_same_chance() -> None:
    names = [f"name-{number}" for number in range(10)]
    drawn = [name for seed in range(2000) for name in draw(names, size=3, seed=str(seed))]
    assert all(500 < drawn.count(name) < 700 for name in names)
