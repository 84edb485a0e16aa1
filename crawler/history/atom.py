"""Atom feed of events (RFC 4287), for readers of feeds.

An entry's id is a tag: URI (RFC 4151) of story, kind and the WARC-Record-ID of the capture that shows the event, so an event keeps it in
every writing and after a rebuild. All text of pages is escaped; of addresses only those of http and https become links.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import quoteattr

from attrs import frozen

from crawler.history.durations import stood
from crawler.history.events import Event
from crawler.history.sentence_diff import Piece, word_pieces

MAX_CONTENT = 20_000
"""Characters of the texts in one entry; the rest is left out, and said so."""
CONTEXT_CHARACTERS = 160
"""Characters of unchanged text shown on each side of a change."""
_MARKUP = {"gone": "<del>{}</del>", "new": "<ins>{}</ins>", "same": "{}"}
_NO_XML = dict.fromkeys((*(n for n in range(32) if n not in (9, 10, 13)), 0x7F, *range(0x80, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))
"""Characters that XML 1.0 does not allow, or discourages."""
_NEVER = "1970-01-01T00:00:00Z"
"""Of a feed without entries: it must have a date, and nothing was updated yet."""


@frozen(kw_only=True)
class FeedFacts:
    """Facts of a feed about itself."""

    collection: str
    authority: str
    """Host name or mail address by which tag: URIs are made."""
    author: str
    address: str | None = None
    """Where the feed will be found."""


@frozen(kw_only=True)
class Entry:
    """An event with the differences of its texts."""

    event: Event
    changes: dict[str, list[Piece]]


def feed(facts: FeedFacts, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the lines of a feed document.

    Args:
        entries: The newest first.
    """
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"<id>{xml_text(tag(facts, facts.collection))}</id>\n<title>{xml_text(f'Events of {facts.collection}')}</title>\n"
    yield f"<updated>{max((one.event.date for one in entries), default=_NEVER)}</updated>\n"
    yield f"<author><name>{xml_text(facts.author)}</name></author>\n"
    if facts.address:
        yield f'<link rel="self" type="application/atom+xml" href={xml_attribute(facts.address)}/>\n'
    for one in entries:
        yield _entry(facts, one)
    yield "</feed>\n"


def tag(facts: FeedFacts, *names: str) -> str:
    """A tag: URI (RFC 4151) of an authority, a year, and names."""
    return f"tag:{facts.authority},2026:{'/'.join(quote(name, safe='/:@') for name in names)}"


def entry_id(facts: FeedFacts, event: Event) -> str:
    """The id of an event: the same in every writing, and after a rebuild."""
    return tag(facts, "event", event.story_id, event.kind, event.record_id or event.date)


def _entry(facts: FeedFacts, one: Entry) -> str:
    event = one.event
    kind = event.kind.replace("_", " ")
    title = f"{kind[0].upper()}{kind[1:]}: {event.headline or event.story_id}"
    link = next((address for address in (event.canonical_url, event.url) if address and _is_web(address)), None)
    parts = [
        "<entry>",
        f"<id>{xml_text(entry_id(facts, event))}</id>",
        f"<title>{xml_text(title)}</title>",
        f"<updated>{event.date}</updated>",
        f"<published>{event.date}</published>",
        f'<link rel="alternate" href={xml_attribute(link)}/>' if link else "",
        f"<category term={xml_attribute(event.kind)}/>",
        f'<content type="html">{xml_text(_content(one))}</content>',
        "</entry>\n",
    ]
    return "\n".join(part for part in parts if part)


def _content(one: Entry) -> str:
    """The text of an entry in HTML."""
    event = one.event
    facts = [event.story_id, f"seen {_moment(event.date)} on {event.host or '-'}", stood(event.stood_least, event.stood_most)]
    if event.not_before and event.not_after:
        facts.append(f"changed between {_moment(event.not_before)} and {_moment(event.not_after)}")
    out = [f"<p>{_html('; '.join(filter(None, facts)))}.</p>"]
    left = MAX_CONTENT
    for name, pieces in one.changes.items():
        shown, left = _difference(pieces, left)
        out.append(f'<h4>{_html(name)}</h4>\n<p dir="auto">{shown}</p>')
    captures = [
        f"{what}: {record} in {warc}, offset {offset}"
        for what, record, warc, offset in (
            ("before", event.record_id_before, event.warc_before, event.offset_before),
            ("after", event.record_id, event.warc, event.offset),
        ) if record
    ]  # fmt: skip
    return "\n".join([*out, f"<p><small>{_html('; '.join(captures))}</small></p>"])


def _difference(pieces: Sequence[Piece], left: int) -> tuple[str, int]:
    """Mark up a difference, within a number of characters; with those that are left."""
    out = []
    flat = word_pieces(pieces)
    for at, (change, text) in enumerate(flat):
        if change == "same":
            text = _shortened(text, before=at > 0, after=at < len(flat) - 1)
        if left <= 0:
            out.append(" … (the rest is left out)")
            break
        out.append(_MARKUP[change].format(_html(text[:left]).replace("\n", "<br>")))
        left -= len(text)
    return "".join(out), left


def _shortened(text: str, *, before: bool, after: bool) -> str:
    if len(text) <= 2 * CONTEXT_CHARACTERS:
        return text
    start, end = text[:CONTEXT_CHARACTERS], text[-CONTEXT_CHARACTERS:]
    # Cut between words, in scripts that have blanks.
    start, end = start.rpartition(" ")[0] or start, end.partition(" ")[2] or end
    return f"{start if before else ''} … {end if after else ''}"


def _moment(date: str) -> str:
    return f"{date[:10]} {date[11:19]} UTC"


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _html(text: str) -> str:
    return escape(text.translate(_NO_XML))


def xml_text(text: str) -> str:
    """Escape text for an element; what XML does not allow is left out."""
    return escape(text.translate(_NO_XML), quote=False)


def xml_attribute(text: str) -> str:
    """Quote text for an attribute, as `xml_text`."""
    return quoteattr(text.translate(_NO_XML))
