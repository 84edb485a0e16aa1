"""Feeds of kurtmckee/feedparser, mmcdole/gofeed, rbren/rss-parser, miniflux/v2 and feed-rs/feed-rs, each in its makers' own form.

Groups: `links` (the address of each entry), `titles`, `dates`. Where feedparser itself can be imported its own tests are also compared with
what it finds (groups with `asked`): its files expect few addresses.
"""

import ast
import html
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from crawler.parsers.dates.list_dates import when
from crawler.parsers.listings.feeds import Feed, read_feed
from crawler.urls import join
from suites import Case, judged

BASE = "http://base.example/feeds/feed.xml"
CDF = "no CDF: a format that no site has served since 2003"
DTD = "a document that defines entities is refused"
UNKNOWN = "a date whose instant cannot be known is none: an unknown or military zone, two orders of figures"
TWO_FIGURES = "a year of two figures is one only where the month has a name"
NO_ADDRESS = "an id that is no address of http is none"
OTHERS = "an entry has the address that is its own, not that of its channel, its enclosure or its comments"


TITLE = "a headline is text without markup"
GARBLED = "the charset that the document names is obeyed, where theirs is read as UTF-8"
FIRST = "of several links the first is taken"
KEPT = "the link is taken before the origLink, but not that of a service that counts clicks"


def _link(group: str, name: str, wanted: str | None, got: str | None) -> Case:
    asked = join(BASE, wanted) if wanted else None
    rule = NO_ADDRESS if asked is None else ""
    return judged(group, name, asked or wanted, got, rule=rule)


def _words(text: Any) -> str | None:
    return " ".join(str(text).split()) or None if text else None


def _moment(text: Any) -> str | None:
    if isinstance(text, tuple | list):
        return datetime(*text[:6], tzinfo=UTC).isoformat() if text[0] else None
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found.replace(microsecond=0).astimezone(UTC).isoformat()


def _time(found: datetime | None) -> str | None:
    return found.replace(microsecond=0).isoformat() if found else None


# -- feedparser

_HEADER = re.compile(r"^Header:\s+([^:]+):(.*)$", re.MULTILINE)
_EXPECT = re.compile(r"Expect:\s*(.*?)\s*-->", re.DOTALL)


def feedparser(checkout: Path) -> Iterator[Case]:
    """Its files, each with an expression; the equalities among them that tell of an entry's address, title or time."""
    peer = _peer()
    for path in sorted((checkout / "tests").rglob("*.xml")):
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace").replace("\0", "")
        headers = {key.strip().lower(): value.strip() for key, value in _HEADER.findall(text[:2000])}
        base = headers.get("content-location") or "http://127.0.0.1:8097/" + path.relative_to(checkout).as_posix()
        charset = re.search(r"charset=\s*[\"']?([\w.:-]+)", headers.get("content-type", ""))
        feed = read_feed(data, base, charset=charset[1] if charset else None)
        name = path.relative_to(checkout / "tests").as_posix()
        rule = CDF if "cdf" in name else DTD if "document brings a DTD: refused" in feed.problems else ""
        yield from _expected(name, text, feed, rule)
        if peer is not None:
            yield from _asked(name, text, peer.parse(data, response_headers={**headers, "content-location": base}), feed, rule)
    yield from _date_table(checkout / "tests" / "test_date_parsers.py")


def _peer() -> ModuleType | None:
    try:
        import feedparser as peer  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        return None
    return peer


def _expected(name: str, text: str, feed: Feed, rule: str) -> Iterator[Case]:
    expect = _EXPECT.search(text)
    try:
        tree = ast.parse(expect[1].replace("\n", " "), mode="eval") if expect else None
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree) if tree else ():
        if not (isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq)):
            continue
        place = re.fullmatch(r"entries\[(\d+)\](?:\['(\w+)'\]|\.(\w+))", ast.unparse(node.left))
        try:
            wanted = ast.literal_eval(node.comparators[0])
        except ValueError:
            continue
        if place:
            yield from _field(name, place[2] or place[3], int(place[1]), wanted, feed, rule)


def _field(name: str, field: str, at: int, wanted: Any, feed: Feed, rule: str) -> Iterator[Case]:
    entry = feed.entries[at] if at < len(feed.entries) else None
    if field == "link":
        case = _link("links", name, wanted, entry.url if entry else None)
        yield case if not rule or case.verdict == "right" else judged("links", name, wanted, None, rule=rule)
    elif entry is not None and field == "title":
        yield judged("titles", name, _words(wanted), entry.title, rule=rule)
    elif entry is not None and field in ("published_parsed", "updated_parsed", "created_parsed"):
        times = {_time(entry.published), _time(entry.modified)}
        yield judged("dates", name, _moment(wanted), _moment(wanted) if _moment(wanted) in times else times, rule=rule)


def _asked(name: str, text: str, theirs: Any, feed: Feed, rule: str) -> Iterator[Case]:
    links = [entry.get("link") for entry in theirs.entries if entry.get("link")]
    if not links:
        return
    ours = [entry.url for entry in feed.entries]
    wanted = list(dict.fromkeys(url for link in links if (url := join(BASE, link))))
    lost = [url for url in wanted if url not in ours]
    if lost and not rule:
        # Theirs is the address of an enclosure, or an id that is none made absolute.
        enclosed = all(re.search(rf"enclosure[^<>]*>\s*{re.escape(url)}", text) for url in lost)
        only = [entry for entry in theirs.entries if entry.get("link") and all(link.get("rel") != "alternate" for link in entry.get("links", ()))]
        rule = OTHERS if enclosed or any(entry.get("enclosures") or entry.get("links") for entry in only) else NO_ADDRESS if only else ""
    yield judged("links, asked", name, [], lost, rule=rule or ("" if wanted else NO_ADDRESS))
    if len(theirs.entries) == len(feed.entries) == 1:
        yield judged("titles, asked", name, _words(theirs.entries[0].get("title")), feed.entries[0].title, rule=rule)


def _date_table(path: Path) -> Iterator[Case]:
    """The rows of its table of dates: reader, text, time."""
    for row in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(row, ast.Tuple) and len(row.elts) == 3 and isinstance(row.elts[0], ast.Name):
            text, wanted = (ast.literal_eval(element) for element in row.elts[1:])
            got, moment = when(text), _moment(wanted) if wanted else None
            rule = UNKNOWN if got is None else ""
            if re.match(r"-?-?\d\d(?:\d\d)?(?:-?\d\d)?(?:-?\d\d\d?)?$", text or "") and not re.match(r"(?:19|20)\d\d", text):
                rule = TWO_FIGURES
            yield judged("dates, by text", f"{row.elts[0].id} {text}", moment, _time(got), rule=rule if moment is not None else "")


# -- the others


def _json_pairs(group: str, name: str, items: list[dict[str, Any]], feed: Feed, *, time: Callable[[dict[str, Any]], Any]) -> Iterator[Case]:
    """Compare entries that a JSON file tells with ours, in order where there are as many."""
    told = [item for item in items if item.get("link")]
    found = {entry.url: entry for entry in feed.entries}
    for n, item in enumerate(told):
        url = join(BASE, str(item["link"]).strip())
        rule = NO_ADDRESS if url is None else KEPT if "feedproxy" in url else FIRST if "links" in name and found else ""
        yield judged(f"links{group}", f"{name} {n}", url, url if url in found else None, rule=rule)
        if entry := found.get(url or ""):
            if item.get("title"):
                wanted = _words(item["title"]) or ""
                yield judged(f"titles{group}", f"{name} {n}", wanted, entry.title, rule=_title_rule(wanted, entry.title))
            if moment := _moment(time(item)):
                times = {_time(entry.published), _time(entry.modified)}
                yield judged(f"dates{group}", f"{name} {n}", moment, moment if moment in times else times)


def gofeed(checkout: Path) -> Iterator[Case]:
    """Pairs of a feed and what it makes of it."""
    for path in sorted((checkout / "testdata").rglob("*.json")):
        source = path.with_suffix(".xml")
        if source.is_file():
            found = json.loads(path.read_text("utf-8"))
            items = found.get("items") or found.get("entries") or []
            feed = read_feed(source.read_bytes(), BASE)
            yield from _json_pairs("", path.stem, items, feed, time=lambda item: item.get("publishedParsed") or item.get("updatedParsed"))
    text = (checkout / "internal" / "shared" / "dateparser_test.go").read_text("utf-8")
    for written, wanted in re.findall(r'\{"([^"]+)", "([\d :-]+)"\}', text):
        yield judged("dates, by text", written, f"{wanted.replace(' ', 'T')}+00:00", _time(when(written)))
    yield from _layouts(checkout / "internal" / "shared" / "dateparser.go")


def _layouts(path: Path) -> Iterator[Case]:
    """Go writes the layout of a date as that of 2 January 2006, 15:04:05: each is a date."""
    for layout in re.findall(r'^\s*"([^"]*(?:2006|06)[^"]*)",', path.read_text("utf-8"), re.MULTILINE):
        found = when(layout)
        right = found is not None and abs(found.date() - date(2006, 1, 2)) <= timedelta(1)
        yield judged("dates, layouts", layout, True, right, rule="" if found else UNKNOWN)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def rss_parser(checkout: Path) -> Iterator[Case]:
    """Pairs of a real feed and what it makes of it."""
    for path in sorted((checkout / "test" / "output").glob("*.json")):
        for source in (checkout / "test" / "input").glob(f"{path.stem}.*"):
            items = json.loads(_text(path.read_bytes()))["feed"]["items"]
            yield from _json_pairs("", path.stem, items, read_feed(source.read_bytes(), BASE), time=lambda item: item.get("isoDate"))


def feed_rs(checkout: Path) -> Iterator[Case]:
    """Pairs of a feed and what it makes of it."""
    for path in sorted((checkout / "feed-rs" / "fixture").rglob("*.serde.json")):
        source = next((p for ext in (".xml", ".json") if (p := path.with_name(path.name.removesuffix(".serde.json") + ext)).is_file()), None)
        if source is None:
            continue
        items = []
        for entry in json.loads(path.read_text("utf-8"))["entries"]:
            own = [link["href"] for link in entry["links"] if link["rel"] in (None, "alternate")]
            title = (entry["title"] or {}) if (entry["title"] or {}).get("content_type") == "text/plain" else {}
            items.append({"link": own[0] if own else None, "title": title.get("content"), "date": entry["published"] or entry["updated"]})
        yield from _json_pairs("", path.name.removesuffix(".serde.json"), items, read_feed(source.read_bytes(), BASE), time=lambda item: item["date"])


_GO_TEST = re.compile(r"^func (Test\w+)\(t \*testing\.T\) \{(.*?)^\}", re.MULTILINE | re.DOTALL)
_GO_DATA = re.compile(r"data :?= `([^`]*)`")
_GO_BASE = re.compile(r'(?:Parse|ParseFeed)\("([^"]*)"')
_GO_CHECK = re.compile(r'feed\.Entries\[(\d+)\]\.(URL|Title) != "((?:[^"\\]|\\.)*)"')


def miniflux(checkout: Path) -> Iterator[Case]:
    """Go tests that hold a feed and say what its entries are; and strings that are dates."""
    for path in sorted((checkout / "internal" / "reader").rglob("*_test.go")):
        for test, body in _GO_TEST.findall(path.read_text("utf-8")):
            data = _GO_DATA.findall(body)
            if len(data) != 1 or "Entries[" not in body:
                continue
            base = _GO_BASE.search(body)
            feed = read_feed(data[0].strip(), base[1].strip() if base and base[1].startswith("http") else BASE)
            for at, field, wanted in _GO_CHECK.findall(body):
                entry = feed.entries[int(at)] if int(at) < len(feed.entries) else None
                value = json.loads(f'"{wanted}"')
                if field == "URL":
                    written = value in data[0].replace("&amp;", "&")
                    case = _link("links", f"{path.parent.name} {test}", value, entry.url if entry else None)
                    yield case if case.verdict == "right" else judged("links", case.name, value, entry and entry.url, rule=_other_rule(data[0], value, written))
                elif entry is not None:
                    yield judged("titles", f"{path.parent.name} {test}", value, entry.title, rule=_title_rule(value, entry.title))
    text = (checkout / "internal" / "reader" / "date" / "parser_test.go").read_text("utf-8")
    for pair in re.findall(r'Parse\("([^"]*\d[^"]*)"\)|^\s*"([^"]*\d[^"]*)",\s*$', text, re.MULTILINE):
        value = pair[0] or pair[1]
        yield judged("dates read at all", value, True, when(value) is not None, rule=UNKNOWN)
    yield from _layouts(checkout / "internal" / "reader" / "date" / "parser.go")


def _title_rule(wanted: str, got: str | None) -> str:
    if "\ufffd" in wanted:
        return GARBLED
    return "a title is not made of the text" if not got else TITLE if _words(html.unescape(re.sub("<[^<>]*>", "", wanted))) == got else ""


def _other_rule(data: str, value: str, written: bool) -> str:
    if re.search(rf"origLink>{re.escape(value)}<", data):
        return KEPT
    item = re.search(r"<(?:item|entry)\b", data)
    head = data[: item.start()] if item else data
    if written and (value in head or re.search(rf"(?:enclosure|comments|content)\b[^>]*>?\s*[^<>]*{re.escape(value)}", data)):
        return OTHERS
    return "" if written else "a relative address is seen from its xml:base or the feed's own address, not from the channel's link"


SUITES = {
    "kurtmckee+feedparser": feedparser, "mmcdole+gofeed": gofeed, "rbren+rss-parser": rss_parser, "feed-rs+feed-rs": feed_rs, "miniflux+v2": miniflux,
}  # fmt: skip
