import fonts
import npm


def test_runs_of_characters_are_kept_as_first_and_last() -> None:
    assert list(fonts.ranges({5, 1, 2, 3, 9, 10})) == [(1, 3), (5, 5), (9, 10)]


def test_packages_are_pinned_by_version_and_digest() -> None:
    for package in (fonts.WENKAI, fonts.NOTO_SERIF):
        assert package.version.count(".") == 2
        assert len(package.integrity) == 88
        assert package.archive.parent == npm.CACHE
