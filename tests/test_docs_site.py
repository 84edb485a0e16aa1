"""The pages as a site: built strictly, every page in the navigation, every link and anchor there, nothing loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).parents[1]
ORIGIN = "http://site.invalid/"
LOADED = {("script", "src"), ("img", "src"), ("img", "srcset"), ("source", "src"), ("iframe", "src"), ("object", "data"), ("link", "href")}
"""What a browser fetches by itself."""
CONDITIONAL = {"https://unpkg.com/mermaid@11/dist/mermaid.min.js", "https://unpkg.com/resize-observer-polyfill"}
"""Scripts that the theme names and loads for elements of class `mermaid`, of which there are none, and in browsers older than 2020."""


class Page(HTMLParser):
    """Addresses and ids in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.classes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" or (tag == "a" and name == "name"):
                self.ids.add(value or "")
            elif name == "class":
                self.classes.update((value or "").split())
            elif (tag, name) in LOADED and not (tag == "link" and {"next", "prev"} & {word for _, word in attrs}):
                self.loaded.append(value or "")
            elif tag == "a" and name == "href":
                self.links.append(value or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as .ci/run builds it."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    config = load_config(str(ROOT / "mkdocs.yml"), strict=True, site_dir=str(folder))
    build(config)
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Each page by its address."""
    return {_address(file, site): Page(file.read_text("utf-8")) for file in sorted(site.rglob("*.html")) if file.name != "404.html"}


def test_each_page_of_docs_is_a_page_of_the_site(site: Path) -> None:
    names = [path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")]
    assert len(names) > 50
    missing = [name for name in names if not (site / (name.parent if name.name == "README" else name) / "index.html").exists()]
    assert not missing
    navigation = (ROOT / "mkdocs.yml").read_text()
    assert [str(name) for name in names if f"{name}.md\n" not in navigation] == []


def test_links_and_anchors_lead_somewhere(pages: dict[str, Page], site: Path) -> None:
    broken = []
    links = [(address, link) for address, page in pages.items() for link in page.links + page.loaded]
    assert len(links) > 1000
    for address, link in links:
        there = urljoin(address, link)
        if not there.startswith(ORIGIN):
            continue
        path, anchor = there.partition("#")[0], unquote(urlsplit(there).fragment)
        file = site / unquote(urlsplit(path).path).lstrip("/")
        found = pages.get(path)
        if not file.exists() or (anchor and found is not None and anchor not in found.ids):
            broken.append((address, link))
    assert not broken


def test_the_front_page_is_the_readme_and_what_it_names_is_there(pages: dict[str, Page], site: Path) -> None:
    assert "deploy" in " ".join(pages[ORIGIN].links)
    assert (site / "project" / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    assert (site / "project" / "examples" / "check_proof.py").read_bytes() == (ROOT / "examples" / "check_proof.py").read_bytes()


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, Page], site: Path) -> None:
    assert any(link.endswith(".js") for link in pages[ORIGIN].loaded)
    for address, page in pages.items():
        assert not [link for link in page.loaded if re.match(r"\w+:|//", link) and not link.startswith("data:")], address
        assert "mermaid" not in page.classes
    assert not list(_loads_of_styles(site))
    assert set(_loads_of_scripts(site)) <= CONDITIONAL


def _loads_of_styles(site: Path) -> Iterator[str]:
    for file in [*site.rglob("*.css"), *site.rglob("*.html")]:
        yield from re.findall(
            r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')]+)", re.sub(r"<code.*?</code>", "", file.read_text("utf-8"), flags=re.DOTALL)
        )


def _loads_of_scripts(site: Path) -> Iterator[str]:
    """Whole addresses of scripts and styles in the text of scripts; others there are comments, licences and counters of repositories that we do not name."""
    for file in site.rglob("*.js"):
        yield from re.findall(r"[\"'`](https?://[^\"'`\s$]+(?:\.m?js|\.css|polyfill|@[\d.]+))[\"'`]", file.read_text("utf-8"))


def _address(file: Path, site: Path) -> str:
    return ORIGIN + file.relative_to(site).as_posix().removesuffix("index.html")
