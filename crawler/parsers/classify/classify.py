"""Classify an answer as usable or not, in the words of `errors.REASONS`.

A phrase alone proves nothing, since newspapers write about seizures, captchas and missing pages. So a phrase counts
only in the heading of a page that is otherwise bare: no mark of a known template, no sign of an article, hardly any prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Literal

from attrs import Factory, field, frozen

from crawler.items import Headers
from crawler.parsers.classify.identity import named_on
from crawler.parsers.classify.page_features import HTML_START, PageFeatures, features_of, heading_among, simple
from crawler.parsers.classify.phrases import APPLICATION_ERROR, CHALLENGE, CONSENT, GONE, PARKED, SEIZED
from crawler.parsers.classify.retry_after import retry_after
from crawler.parsers.document.page import Page
from crawler.parsers.listings.lines import begins_with_address

Kind = Literal["story", "list", "feed", "sitemap", "robots", "media"]
Rule = Callable[["Answer", "Expectation"], "Verdict | None"]

PAGES: tuple[Kind, ...] = ("story", "list")
GONE_STATUSES = (404, 410)
START_CHARACTERS = 4096
LIST_CHARACTERS = 64 * 1024
"""Of a feed or sitemap: where its first element is looked for, behind comments and server warnings."""

_NAMES = {"feed": "a feed", "sitemap": "a sitemap", "robots": "robots.txt", "media": "a picture or the like"}
_OTHER_PAGES = (("seized", SEIZED), ("challenge", CHALLENGE), ("parked", PARKED), ("consent", CONSENT))
"""Reason and phrases of pages that stand between the crawler and the publisher."""
_XML_START = re.compile(r"<\?xml|<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|urlset|sitemapindex)", re.IGNORECASE)
_JSON_LIST = re.compile(r"\{.{0,4000}(?:jsonfeed\.org/version/|\"items\"\s*:)", re.DOTALL)
_GZIP = "\x1f"
"""First character of a gzip file, in whichever character set it was decoded."""


@frozen
class Verdict:
    """Usability of one answer."""

    reason: str | None = None
    """A word of `errors.REASONS`, or None: usable."""
    detail: str = ""
    answer: bool = True
    """Whether it settles the matter as far as this host goes: a story, or its plain absence (404, 410, a page that says so)."""
    retry_after: float | None = None
    """Seconds the server asked to wait; the caller sets the limit."""


USABLE = Verdict()


@frozen(kw_only=True)
class Expectation:
    """The resource that was requested, and how to recognise it."""

    kind: Kind
    """`media` is any requisite, `list` a section front, the home page or a page of no known kind."""
    identity: Sequence[str] = ()
    """XPath expressions for values on the page that name the story; each has one vote."""
    number: str | None = None
    """The story number asked for, or None."""
    number_of: Callable[[str], str | None] = lambda address: None
    """The story number in an address, or None."""
    gone_words: Sequence[str] = ()
    """Phrases that the site prints in place of a missing story."""
    announced: bool = False
    """Whether only robots.txt names it: then a page in its place means that it is missing, like a 404."""


@frozen(kw_only=True)
class Answer:
    """One HTTP answer as far as it is needed for its classification."""

    page: Page | None
    """The answer decoded, or None if it was not decoded (pictures): then `start` is classified."""
    status: int | None = 200
    headers: Headers = field(converter=Headers)
    start: bytes = b""
    """First bytes of the payload, content coding removed."""
    size: int | None = None
    """Bytes of the whole payload, if page and start hold less of it."""
    marked: bool = False
    """Whether a template's mark was found on the page."""
    now: datetime | None = field(default=Factory(lambda self: self.page.date if self.page else None, takes_self=True))
    """When the answer came, for a Retry-After that is a date; the Date header takes precedence."""

    @headers.default
    def _page_headers(self) -> Headers:
        return self.page.headers if self.page else Headers()

    @property
    def fine(self) -> bool:
        """True for a success, and for a 300 without a Location: its body lists choices."""
        return self.status is not None and 200 <= self.status <= 300

    @property
    def wait(self) -> float | None:
        """Seconds that the server asked to wait."""
        return retry_after(self.headers, self.now)

    @cached_property
    def text(self) -> str:
        """The text without leading blanks."""
        return (self.page.text if self.page else self.start.decode("utf-8", "replace")).lstrip("\ufeff \t\r\n\0")

    @cached_property
    def begins_as_html(self) -> bool:
        """True if its first element, behind comments, is one of HTML."""
        return HTML_START.match(self.text[:START_CHARACTERS]) is not None

    def is_html(self, expected: Expectation) -> bool:
        """Test for HTML; any mark-up counts if a page was requested."""
        return self.begins_as_html or (expected.kind in PAGES and self.text.startswith("<"))

    def features(self, expected: Expectation) -> PageFeatures | None:
        """Features of an HTML page; None if a template's mark makes them needless."""
        if self.page is None or (self.marked and self.fine) or not self.is_html(expected):
            return None
        return features_of(self.page)


def classify(answer: Answer, expected: Expectation) -> Verdict:
    """Classify one answer by the first rule that applies."""
    for rule in RULES:
        if (found := rule(answer, expected)) is not None:
            return found
    return USABLE


def _redirection(answer: Answer, expected: Expectation) -> Verdict | None:
    """Accept a 304, refuse other redirections."""
    if answer.status is None or not 300 < answer.status < 400:
        return None
    if answer.status == 304:
        return USABLE
    return Verdict("redirect", f"{answer.status} {answer.headers.first('location') or ''}".strip()[:200], answer=False)


def _other_page(answer: Answer, expected: Expectation) -> Verdict | None:
    """Refuse banners, interstitials, consent walls and domain brokers, whatever their status."""
    features = answer.features(expected)
    if features is None:
        return None
    for reason, phrases in _OTHER_PAGES:
        if found := phrases.found_on(features):
            detail = found if answer.fine else f"{answer.status} {found}"
            return Verdict(reason, detail, answer=False, retry_after=answer.wait)
    return None


def _challenge_header(answer: Answer, expected: Expectation) -> Verdict | None:
    """Refuse an answer whose header fields announce a challenge."""
    for name in ("cf-mitigated", "x-amzn-waf-action"):
        if (value := (answer.headers.first(name) or "").lower()) in ("challenge", "captcha"):
            return Verdict("challenge", f"{name}: {value}", answer=False, retry_after=answer.wait)
    return None


def _error_status(answer: Answer, expected: Expectation) -> Verdict | None:
    """Refuse error statuses; 404 and 410 settle the matter."""
    if answer.fine:
        return None
    gone = answer.status in GONE_STATUSES
    return Verdict("status", str(answer.status or "no status"), answer=gone, retry_after=None if gone else answer.wait)


def _empty(answer: Answer, expected: Expectation) -> Verdict | None:
    """Refuse an empty body; an empty robots.txt holds no rules."""
    if answer.text or answer.size:
        return None
    return USABLE if expected.kind == "robots" else Verdict("soft-404", "empty body", answer=False)


def _gone_in_template(answer: Answer, expected: Expectation) -> Verdict | None:
    """Refuse a page in the site's layout that has a heading `not found` and no text."""
    if expected.kind != "story" or not answer.marked or answer.page is None:
        return None
    features = features_of(answer.page)
    found = heading_among(features, expected.gone_words) or (GONE.found_on(features, article=False) if features.prose < 2 else None)
    return Verdict("soft-404", found) if found and features.prose < 3 else None


def _gone(answer: Answer, expected: Expectation) -> Verdict | None:
    """Refuse application errors and pages that say that the resource is missing."""
    features = answer.features(expected)
    if features is None:
        return None
    if found := APPLICATION_ERROR.found_on(features):
        return Verdict("soft-404", found, answer=False)
    if found := GONE.found_on(features) or heading_among(features, expected.gone_words):
        return Verdict("soft-404", found)
    if expected.gone_words and not features.article and features.prose < 2:
        said = next((word for word in expected.gone_words if simple(word) and simple(word) in simple(features.text)), None)
        return Verdict("soft-404", f"page says {said!r}") if said else None
    return None


def _other_story(answer: Answer, expected: Expectation) -> Verdict | None:
    """Refuse a page that names another story than the one requested."""
    if expected.kind not in PAGES or answer.page is None or expected.number is None:
        return None
    named = named_on(answer.page, expected.identity, expected.number, expected.number_of)
    if other := named.other_than(expected.number):
        count, of = named.numbers.count(other), len(named.numbers)
        detail = f"asked for {expected.number}, the page names {other} ({count} of {of} witnesses)"
        return Verdict("wrong-article", detail, answer=False)
    if named.front and not named.numbers:
        return Verdict("soft-404", "the front page in place of the story", answer=False)
    return None


def _page_in_place(answer: Answer, expected: Expectation) -> Verdict | None:
    """Refuse HTML in place of a feed, sitemap, robots.txt or picture."""
    if expected.kind in PAGES or not answer.is_html(expected):
        return None
    return Verdict("soft-404", f"HTML in place of {_NAMES[expected.kind]}", answer=expected.announced)


def _no_list(answer: Answer, expected: Expectation) -> Verdict | None:
    """Refuse a feed or sitemap that is neither XML, JSON nor a list of addresses."""
    text, kind = answer.text, expected.kind
    if kind not in ("feed", "sitemap") or text.startswith(_GZIP):
        return None
    if _XML_START.search(text[:LIST_CHARACTERS]) or _JSON_LIST.match(text) or (kind == "sitemap" and begins_with_address(text)):
        return None
    return Verdict("malformed", f"no XML in place of {_NAMES[kind]}: {text[:40]!r}", answer=False)


RULES: tuple[Rule, ...] = (
    _redirection,
    _other_page,
    _challenge_header,
    _error_status,
    _empty,
    _gone_in_template,
    _gone,
    _other_story,
    _page_in_place,
    _no_list,
)
"""In this order: the status counts only once a banner or challenge is ruled out, the content only behind a fine status."""
