"""Every page of the reading room in Chromium: widths, light and dark, axe, keyboard, print, hostile texts. Group `outer`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browsed_room import Reader, chromium_page, served

from crawler.index.index import Index
from crawler.readingroom.pages import ROUTES
from crawler.roomframe.addresses import Addresses, encoded

sys.path.insert(0, str(Path(__file__).parents[1] / "readingroom"))

from hostile_collection import KINDS, NAME, hostile_collection
from newspaper import newspaper

pytestmark = pytest.mark.outer

WIDTHS = (360, 800, 1400)
HEIGHT = 900
BUDGET = 100_000
"""Bytes of a page without its pictures."""
OVERFLOW = """() => {
  const root = document.documentElement, wide = [];
  if (root.scrollWidth > root.clientWidth) {
    for (const one of document.querySelectorAll('body *')) {
      if (one.getBoundingClientRect().right > root.clientWidth + 1 && !one.closest('.scroll')) wide.push(one.outerHTML.slice(0, 120));
    }
    return [root.scrollWidth + ' > ' + root.clientWidth, ...wide.slice(0, 3)];
  }
  return [];
}"""
FOCUSABLE = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled).length"""
FOCUSED = """() => { const before = window.walked, one = document.activeElement; if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  if (one === before) return {same: true};  // a part of a control, such as the month of a date
  const again = one.dataset.walked !== undefined;
  one.dataset.walked = '';
  window.walked = one;
  return {what: one.outerHTML.slice(0, 90), again, seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    there: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth}; }"""


BAD_ATTRIBUTES = r"""() => [...document.querySelectorAll('*')].flatMap(one => [...one.attributes])
  .filter(one => one.name.startsWith('on') || ['href', 'src', 'srcset', 'action', 'formaction', 'xlink:href', 'poster', 'data', 'background'].includes(one.name)
    && !/^(https?:\/\/|\/|#)/.test(one.value)).map(one => one.name + '=' + one.value)"""
THOROUGH = os.environ.get("ARCHIVE_THOROUGH") == "yes"
"""Whether axe looks at each page at each width, in light and in dark: minutes."""


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory, _demo: Path) -> dict[str, Path]:
    """Collections by name: a newspaper, the demo, one of nothing, a hostile one."""
    folder = tmp_path_factory.mktemp("room")
    (folder / "nothing").mkdir()
    Index.open(folder / "nothing" / "index.db").close()
    return {"paper": newspaper(folder / "paper"), "demo": _demo / "demo", "nothing": folder / "nothing", NAME: hostile_collection(folder)}


@pytest.fixture(scope="module")
def reader(collections: dict[str, Path], chromium: str) -> Iterator[Reader]:
    """Chromium before the room."""
    with served([*collections.values()]) as base, chromium_page(chromium) as page:
        yield Reader(page=page, base=base)


def lists(name: str) -> list[str]:
    """Pages of a collection that need no name of a story or record."""
    to = Addresses(f"/{encoded(name)}")
    return [to.page(route.pattern) for route in ROUTES if route.json and "(" not in route.pattern]


def named(name: str, path: Path) -> list[str]:
    """Pages of stories, records, runs and divergences of a collection."""
    to, found = Addresses(f"/{encoded(name)}"), []
    with Index.open(path / "index.db", readonly=True) as index:
        for sql, page in (
            ("SELECT id FROM stories ORDER BY versions DESC, id LIMIT 4", to.story),
            ("SELECT record_id FROM captures WHERE role != 'requisite' ORDER BY id LIMIT 1", to.proof),
            ("SELECT record_id FROM captures WHERE role = 'requisite' ORDER BY id LIMIT 1", to.proof),
            ("SELECT id FROM runs ORDER BY id DESC LIMIT 1", lambda run: to.page(f"run/{run}")),
            ("SELECT DISTINCT story_id FROM divergences LIMIT 1", lambda story: to.page("divergences", story=story)),
        ):
            found += [page(row[0]) for row in index.query(sql)]
    return found


def pages(collections: dict[str, Path]) -> list[str]:
    """All kinds of pages, of collections with much in them and with nothing."""
    of_nothing = lists("nothing")
    searched = [f"/demo/-/search?q={words}" for words in ("the", "zzzzzz", "headline:", "%22fog+signal%22&versions=all&sort=date")]
    return ["/", *of_nothing, *lists("demo"), *searched, *named("demo", collections["demo"]), "/paper/-/pictures", *named("paper", collections["paper"])]


def serious(page: Any) -> list[str]:
    """Findings of axe-core that are serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found if one["impact"] in ("serious", "critical") for node in one["nodes"][:3]]


def held(reader: Reader, found: list[str]) -> None:
    """Fail with all that was found."""
    all_found = [*found, *reader.taken_faults()]
    assert not all_found, "\n" + "\n".join(all_found)


def test_every_page_at_three_widths_in_light_and_dark(reader: Reader, collections: dict[str, Path]) -> None:
    """No horizontal scrolling, no layout shift, no error, no request elsewhere, no serious finding, no heavy page."""
    found: list[str] = []
    for n, path in enumerate(pages(collections)):
        reader.page.set_viewport_size({"width": WIDTHS[n % 3], "height": HEIGHT})
        reader.open(path)
        reader.page.mouse.wheel(0, 5000)
        reader.page.wait_for_timeout(20)
        shifted = reader.page.evaluate("window.shifted")
        found += [f"{path}: shifts by {shifted}"] if shifted else []
        found += [f"{path}: {reader.weight} bytes"] if reader.weight > BUDGET else []
        for at, (width, scheme) in enumerate(product(WIDTHS, ("light", "dark"))):
            reader.page.set_viewport_size({"width": width, "height": HEIGHT})
            reader.page.emulate_media(color_scheme=scheme)
            found += [f"{path} at {width} {scheme}: {what}" for what in reader.page.evaluate(OVERFLOW)]
            # Each page twice, in light and in dark, at two widths; all pages together at all of them.
            if THOROUGH or at % 3 == n % 3:
                found += [f"{path} at {width} {scheme}: {what}" for what in serious(reader.page)]
    held(reader, found)


def test_every_link_and_control_is_reached_by_keyboard(reader: Reader, collections: dict[str, Path]) -> None:
    """Each once, in sight, with a visible outline; the first leads to the content."""
    reader.page.set_viewport_size({"width": 800, "height": HEIGHT})
    found = []
    for path in [*lists("demo"), *named("demo", collections["demo"])[:1]]:
        reader.open(path)
        expected, walked = reader.page.evaluate(FOCUSABLE), 0
        for _ in range(2 * expected + 20):
            reader.page.keyboard.press("Tab")
            one = reader.page.evaluate(FOCUSED)
            if one is None or one.get("again"):
                break
            if one.get("same"):
                continue
            walked += 1
            found += [f"{path}: no outline: {one['what']}"] if not one["seen"] else []
            found += [f"{path}: out of sight: {one['what']}"] if not one["there"] else []
        found += [f"{path}: {walked} of {expected} reached"] if walked != expected else []
        reader.open(path)
        reader.page.keyboard.press("Tab")
        reader.page.keyboard.press("Enter")
        found += [f"{path}: the skip link leads nowhere"] if reader.page.evaluate("document.activeElement.id") != "content" else []
    held(reader, found)


def test_pages_are_printed_without_their_navigation(reader: Reader, collections: dict[str, Path]) -> None:
    found = []
    for path in [*lists("demo"), *named("demo", collections["demo"])]:
        reader.open(path)
        reader.page.emulate_media(media="print", color_scheme="dark")
        shown = reader.page.evaluate("[...document.querySelectorAll('nav, .skip')].filter(one => one.checkVisibility()).map(one => one.className)")
        ink = reader.page.evaluate("getComputedStyle(document.body).color + getComputedStyle(document.documentElement).backgroundColor")
        printed = reader.page.pdf()
        reader.page.emulate_media(media="screen", color_scheme="light")
        if shown or len(printed) < 5000 or not printed.startswith(b"%PDF") or ink != "rgb(0, 0, 0)rgb(255, 255, 255)":
            found.append(f"{path}: {shown} {len(printed)} {ink}")
    held(reader, found)


def test_a_persian_story_runs_from_right_to_left(reader: Reader) -> None:
    reader.open("/paper/-/story/paper/2")
    how = "(selector) => getComputedStyle(document.querySelector(selector)).direction"
    assert [reader.page.evaluate(f"({how})('{selector}')") for selector in ("h1", "main article p", "nav")] == ["rtl", "rtl", "ltr"]
    assert reader.taken_faults() == []


def test_hostile_texts_do_nothing(reader: Reader, collections: dict[str, Path]) -> None:
    """No script, no dialog, no navigation, no request elsewhere; not even something that the policy has to stop."""
    reader.page.set_viewport_size({"width": 800, "height": HEIGHT})
    found = [Addresses(f"/{encoded(NAME)}").page("search", q=words, versions="all") for words in ("xss", "alert", "credit:alert", "ferry")]
    for path in [*lists(NAME), *named(NAME, collections[NAME]), *found]:
        reader.open(path)
        reader.page.wait_for_timeout(20)
        assert reader.page.evaluate("document.querySelectorAll('script, iframe, object, embed, base, meta[http-equiv], [style]').length") == 0, path
        assert reader.page.evaluate(BAD_ATTRIBUTES) == [], path
    assert reader.taken_faults() == []


PAGES_OF_ARGUMENTS = {
    "search": ("q", "sort", "page"), "events": ("kind", "since", "until", "story", "site", "before"), "pictures": ("credit", "agency", "section", "year"),
    "divergences": ("host", "story", "site"), "coverage": ("until", "missing"), "runs": ("before",), "story/courier/1022": ("v", "from"), "mirrors": ("site",),
}  # fmt: skip


def test_hostile_arguments_do_nothing(reader: Reader) -> None:
    asked = [(page, name) for page, names in PAGES_OF_ARGUMENTS.items() for name in names]
    for n, kind in enumerate(KINDS * 2):
        page, name = asked[n % len(asked)]
        reader.open(f"/demo/-/{page}?{name}={quote(kind.encode('utf-8', 'replace'))}", status=None)
        assert reader.page.evaluate(BAD_ATTRIBUTES) == [], (page, name, kind)
    held(reader, [])


def test_hostile_file_names_and_addresses_do_nothing(reader: Reader) -> None:
    for n, kind in enumerate(KINDS):
        text = encoded(kind.encode("utf-8", "replace").decode())
        paths = (f"/demo/-/story/{text}/{text}", f"/{text}/-/front", f"/demo/-/picture/{text}", f"/demo/-/proof/{text}", f"/demo/-/{text}")
        for path in (paths[0], paths[1 + n % 4]):
            reader.open(path, status=404)
            assert reader.page.evaluate(BAD_ATTRIBUTES) == [], path
    held(reader, [])
