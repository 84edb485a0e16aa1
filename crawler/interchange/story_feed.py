"""Atom feed of stories (RFC 4287): the newest version of each, the last seen first."""

from __future__ import annotations

from typing import BinaryIO

from crawler.history.atom import FeedFacts, tag, xml_attribute, xml_text
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.interchange.articles import Exported, newest_articles
from crawler.interchange.citing import Citing
from crawler.subsets.outcome import Outcome, Tell
from crawler.subsets.selection import Selection

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'


def write_story_feed(out: BinaryIO, index: Index, selection: Selection, outcome: Outcome, tell: Tell, *, citing: Citing) -> None:
    """Write the feed; text is escaped, and only web addresses are links."""
    facts = FeedFacts(collection=citing.collection, authority=citing.authority, author=citing.author or citing.collection)
    for one, share in newest_articles(index, selection):
        if not outcome.counts["stories"]:
            out.write(_beginning(facts, iso(one.version.first_seen)).encode())
        out.write(_entry(facts, one, citing).encode("utf-8", "replace"))
        outcome.counts["stories"] += 1
        tell("stories", outcome.counts["stories"], share)
    out.write(b"</feed>\n")


def _beginning(facts: FeedFacts, updated: str) -> str:
    title = xml_text(f"Stories of {facts.collection}")
    head = f"<id>{xml_text(tag(facts, facts.collection, 'stories'))}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n"
    return f"{_HEAD}{head}<author><name>{xml_text(facts.author)}</name></author>\n"


def _entry(facts: FeedFacts, one: Exported, citing: Citing) -> str:
    version, article = one.version, one.version.article
    text = "".join(f"<p>{xml_text(line)}</p>" for line in (article.deck, *article.body.split("\n")) if line)
    addresses = (("alternate", article.canonical_url or one.capture["url"]), ("related", citing.address(one.capture)))
    parts = [
        "<entry>",
        f"<id>{xml_text(tag(facts, 'story', version.story))}</id>",
        f"<title>{xml_text(article.headline or version.story)}</title>",
        f"<updated>{iso(version.first_seen)}</updated>",
        *(f"<author><name>{xml_text(name)}</name></author>" for name in article.authors),
        *(
            f'<link rel="{rel}" href={xml_attribute(url)}/>'
            for rel, url in addresses
            if url and url.lower().startswith(("http://", "https://"))
        ),
        *(f"<category term={xml_attribute(name)}/>" for name in (article.section, *article.tags) if name),
        f'<content type="html">{xml_text(text)}</content>',
        "</entry>\n",
    ]
    return "\n".join(parts)
