"""A page as the author of a site file looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import Unreadable
from crawler.testing import site_page
from crawler.testing.site_page import reread

SITE = '''"""Mine."""

from crawler.sites.site import Mirror, Site

SITE = Site(name="mine", title="{title}", language="en", mirrors=(Mirror("mine.example"),), stories=(r"^/(?P<id>\\d+)$",))
'''
PAGE = b"<html><body><article><h1>Ferry</h1><p>The ferry runs again after nine days, said the harbour office on Monday.</p></article></body></html>"


def test_the_site_file_is_loaded_anew_when_the_page_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(SITE.format(title="Old"))
    found = site_page.site_page(PAGE, "https://mine.example/7", source="a file", folders=[str(tmp_path)])
    assert found.site is not None
    assert (found.site.title, found.article is not None) == ("Old", True)
    (tmp_path / "mine.py").write_text(SITE.format(title="New and longer"))
    again = reread(found)
    assert again.site is not None
    assert again.site.title == "New and longer"


def test_a_page_of_no_site_is_read_again_as_it_is_and_an_unreadable_one_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    found = site_page.site_page(PAGE, "https://elsewhere.example/7", source="a file", folders=[])
    assert (found.site, reread(found).article) == (None, found.article)

    def refuse(*_: object) -> None:
        raise Unreadable("too deep")

    monkeypatch.setattr(site_page, "parse_page", refuse)
    assert reread(found).problem == "too deep"


