"""Is this answer usable? One verdict for each answer, in the words of `errors.REASONS`.

A wording alone proves nothing, since newspapers write about seizures, captchas and missing pages. So a wording counts
only where it heads a page that is otherwise bare: no mark of a known template, no sign of an article, hardly any prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from attrs import evolve, frozen

from crawler.parsers.classify.page_features import HTML_START, Look, look_at, simple
from crawler.parsers.classify.phrases import APPLICATION_ERROR, CHALLENGE, CONSENT, GONE, PARKED, SEIZED
from crawler.parsers.document.page import Page
from crawler.parsers.listings.lines import begins_with_address

Kind = Literal["story", "list", "feed", "sitemap", "robots", "media"]

GONE_STATUSES = (404, 410)
START_CHARACTERS = 4096
LIST_CHARACTERS = 64 * 1024
"""Of a feed or sitemap: where its first element is looked for, behind comments and warnings of the server's."""

_SECONDS = re.compile(r"\d+(?:\.\d*)?", re.ASCII)
_XML_START = re.compile(r"<\?xml|<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|urlset|sitemapindex)", re.IGNORECASE)
_JSON_LIST = re.compile(r"\{.{0,4000}(?:jsonfeed\.org/version/|\"items\"\s*:)", re.DOTALL)


@frozen
class Verdict:
    """Whether an answer can be used, and if not, why."""

    reason: str | None = None
    """A word of `errors.REASONS`, or None: usable."""
    detail: str = ""
    answer: bool = True
    """Whether it settles the matter as far as this host goes: a story, or its plain absence (404, 410, a page that says so)."""
    retry_after: float | None = None
    """Seconds the server asked to wait; whoever waits sets the limit."""


def judge(
    page: Page | None,
    *,
    kind: Kind,
    status: int | None = 200,
    headers: Sequence[tuple[str, str]] = (),
    start: bytes = b"",
    size: int | None = None,
    identity: Sequence[str] = (),
    number: str | None = None,
    number_of: Callable[[str], str | None] = lambda address: None,
    gone_words: Sequence[str] = (),
    marked: bool = False,
    announced: bool = False,
    now: datetime | None = None,
) -> Verdict:
    """Judge one answer.

    Args:
        page: The answer decoded, or None where it was not decoded (pictures): then `start` tells what it is.
        kind: What was asked for; `media` is any requisite, `list` a section front, the home page or a page of no known kind.
        headers: Of the answer; taken from the page where left out.
        start: The first bytes of the payload, content coding removed.
        size: Bytes of the whole payload, where page and start hold less of it.
        identity: XPath expressions for what on the page names the story; each is one witness.
        number: The story number asked for, or None where none was.
        number_of: The story number an address names, or None.
        gone_words: What the site says in place of a story that is not there.
        marked: Whether a template's mark was seen on the page.
        announced: Whether nothing but robots.txt names it: then a page in its place says that it is not there, as a 404 does.
        now: When the answer came, for a Retry-After that is a date; the Date header and the capture's time stand in.
    """
    headers = headers or (page.headers if page else ())
    wait = retry_after(headers, now or (page.date if page else None))
    text = (page.text if page else start.decode("utf-8", "replace")).lstrip("\ufeff \t\r\n\0")
    if status is not None and 300 < status < 400:
        return Verdict() if status == 304 else Verdict("redirect", f"{status} {_header(headers, 'location')}".strip()[:200], answer=False)
    html = bool(HTML_START.match(text[:START_CHARACTERS])) or (kind in ("story", "list") and text.startswith("<"))
    look = look_at(page) if page and html and not (marked and _fine(status)) else None
    if look and (found := _not_the_site(look, headers)):
        detail = found.detail if _fine(status) else f"{status} {found.detail}"
        return Verdict(found.reason, detail, answer=False, retry_after=wait)
    if challenged := _challenge_header(headers):
        return Verdict("challenge", challenged, answer=False, retry_after=wait)
    if not _fine(status):
        return Verdict(
            "status", str(status or "no status"), answer=status in GONE_STATUSES, retry_after=None if status in GONE_STATUSES else wait
        )
    if not text and not size:
        return Verdict() if kind == "robots" else Verdict("soft-404", "empty body", answer=False)
    if kind in ("story", "list"):
        return _page_verdict(page, look, kind, gone_words, marked) or wrong_article(page, identity, number, number_of) or Verdict()
    if html:
        return (_gone(look, gone_words) if look else None) or Verdict("soft-404", f"HTML in place of {_WANTED[kind]}", answer=announced)
    return _xml_verdict(text, kind) or Verdict()


_WANTED = {"feed": "a feed", "sitemap": "a sitemap", "robots": "robots.txt", "media": "a picture or the like"}


def retry_after(headers: Sequence[tuple[str, str]], now: datetime | None) -> float | None:
    """Seconds a Retry-After header asks to wait; None where there is none or it means nothing.

    Seconds with decimals, which RFC 9110 does not know and servers send, and a date in any of its three forms. A date is held against
    the answer's own Date, so that a server whose clock is wrong is understood.

    >>> retry_after([("Retry-After", "120")], None), retry_after([("Retry-After", "4.0")], None)
    (120.0, 4.0)
    """
    value = _header(headers, "retry-after").strip()
    if _SECONDS.fullmatch(value):
        return float(value[:12])
    until, sent = _http_date(value), _http_date(_header(headers, "date")) or now
    if until is None or sent is None:
        return None
    return max((until - sent).total_seconds(), 0.0)


def wrong_article(page: Page | None, identity: Sequence[str], number: str | None, number_of: Callable[[str], str | None]) -> Verdict | None:
    """A verdict where most witnesses on the page name another story than the one asked for; None where all is well.

    A witness (one expression) that finds several numbers speaks for the one asked for if it is among them, else for none.
    """
    if page is None or number is None:
        return None
    named, front = [], False
    for expression in identity:
        values = [value.strip() for value in page.xpath(expression).getall() if value.strip()]
        numbers = {n for value in values if (n := _number(value, page, number_of))}
        if number in numbers or len(numbers) == 1:
            named.append(number if number in numbers else numbers.pop())
        elif not numbers:
            front = front or any(_is_front(value, page) for value in values)
    others = [n for n in named if n != number]
    if len(others) * 2 > len(named):
        common = max(set(others), key=others.count)
        return Verdict(
            "wrong-article", f"asked for {number}, the page names {common} ({others.count(common)} of {len(named)} witnesses)", answer=False
        )
    if front and not named:
        return Verdict("soft-404", "the front page in place of the story", answer=False)
    return None


def _not_the_site(look: Look, headers: Sequence[tuple[str, str]]) -> Verdict | None:
    """What stands between us and the publisher: a banner, an interstitial, a consent wall, a domain broker."""
    if found := SEIZED.on(look):
        return Verdict("seized", found)
    if found := CHALLENGE.on(look):
        return Verdict("challenge", found)
    if found := PARKED.on(look):
        return Verdict("parked", found)
    if found := CONSENT.on(look):
        return Verdict("consent", found)
    return None


def _challenge_header(headers: Sequence[tuple[str, str]]) -> str | None:
    for name in ("cf-mitigated", "x-amzn-waf-action"):
        if (value := _header(headers, name).lower()) in ("challenge", "captcha"):
            return f"{name}: {value}"
    return None


def _page_verdict(page: Page | None, look: Look | None, kind: Kind, gone_words: Sequence[str], marked: bool) -> Verdict | None:
    if page is not None and look is None and marked:
        # The template may be there and say that the story is not: then that is its headline, and there is no text.
        look = look_at(page)
        found = GONE.heads_alone(look, gone_words) or (GONE.on(evolve(look, article=False)) if look.prose < 2 else None)
        return Verdict("soft-404", found) if found and kind == "story" and look.prose < 3 else None
    return _gone(look, gone_words) if look else None


def _gone(look: Look, gone_words: Sequence[str]) -> Verdict | None:
    if found := APPLICATION_ERROR.on(look):
        return Verdict("soft-404", found, answer=False)
    if found := GONE.on(look) or GONE.heads_alone(look, gone_words):
        return Verdict("soft-404", found)
    if look.prose < 2 and not look.article:
        said = next((word for word in gone_words if simple(word) and simple(word) in simple(look.text)), None)
        return Verdict("soft-404", f"page says {said!r}") if said else None
    return None


def _xml_verdict(text: str, kind: Kind) -> Verdict | None:
    # A gzip file begins with 0x1F, whatever character set it was taken for.
    if kind not in ("feed", "sitemap") or text.startswith("\x1f"):
        return None
    if _XML_START.search(text[:LIST_CHARACTERS]) or _JSON_LIST.match(text) or (kind == "sitemap" and begins_with_address(text)):
        return None
    return Verdict("malformed", f"no XML in place of {_WANTED[kind]}: {text[:40]!r}", answer=False)


def _number(value: str, page: Page, number_of: Callable[[str], str | None]) -> str | None:
    if value.isascii() and value.isdigit():
        return value.lstrip("0") or "0"
    address = page.join(value)
    if address is None:
        return None
    parts = urlsplit(address)
    # A share link carries the story's address in its query; a counter's address ends in the bare number.
    carried = (v for _, v in parse_qsl(parts.query) if v.startswith(("http://", "https://")))
    tail = parts.path.rstrip("/").rpartition("/")[2]
    bare = tail.lstrip("0") if tail.isascii() and tail.isdigit() else None
    return next((n for a in (address, *carried) if (n := number_of(a))), None) or bare


def _is_front(value: str, page: Page) -> bool:
    address = page.join(value)
    return address is not None and urlsplit(address).path == "/" and not urlsplit(address).query and urlsplit(page.url).path != "/"


def _fine(status: int | None) -> bool:
    # 300 without a place to go to (`redirects.is_redirect`) is an answer: its body is the list of choices.
    return status is not None and 200 <= status <= 300


def _header(headers: Sequence[tuple[str, str]], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _http_date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
