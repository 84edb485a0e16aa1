"""The reference pages say what the code says: a stale page fails here; `python -m crawler.reference` writes them anew."""

from itertools import pairwise

import pytest

from crawler.reference import COMMANDS, PAGES, ROOT, UNUSED


@pytest.mark.parametrize("name", PAGES)
def test_page_is_fresh(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == PAGES[name]()


def test_every_command_is_documented() -> None:
    ours = {path.stem for path in (ROOT / "crawler" / "commands").glob("*.py") if not path.stem.startswith("_")}
    assert ours == {*COMMANDS, *UNUSED}


def test_every_setting_of_ours_says_what_it_is() -> None:
    source = (ROOT / "crawler" / "settings.py").read_text().splitlines()
    bare = [line for above, line in pairwise(source) if line.startswith("ARCHIVE_") and not above.startswith("#:")]
    assert not bare
