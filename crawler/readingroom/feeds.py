"""Atom feeds of the room: events, and new and changed stories."""

from __future__ import annotations

import json
from collections.abc import Iterator

from crawler.catalogue.happenings import page_of_events, with_changes
from crawler.catalogue.story_lists import StoryNews, newest_changed
from crawler.history.atom import Entry, FeedFacts, feed, tag, xml_attribute, xml_text
from crawler.readingroom.event_list import wanted_events
from crawler.roomframe.addresses import outer
from crawler.roomframe.page import Asked, File
from crawler.roomframe.rendering import tag_of
from crawler.roomframe.strings import TEXTS, WORDS

ENTRIES = 50
ATOM = "application/atom+xml; charset=utf-8"
_NEVER = "1970-01-01T00:00:00Z"


def events_feed(asked: Asked) -> File:
    """Make the feed of events; arguments as those of the page."""
    wanted, chosen = wanted_events(asked)
    shown = page_of_events(asked.index, wanted, before=None, most=ENTRIES)
    entries = [Entry(event=one.event, changes=one.changes) for one in with_changes(asked.index, shown)]
    facts = _facts(asked, asked.root + asked.to.page("events.atom", **chosen))
    return _file("".join(feed(facts, entries)))


def stories_feed(asked: Asked) -> File:
    """Make the feed of new and changed stories: one entry a story."""
    return _file("".join(_stories(asked, newest_changed(asked.index, ENTRIES))))


def _facts(asked: Asked, address: str) -> FeedFacts:
    authority = str(asked.options.get("authority") or "archive.invalid")
    return FeedFacts(collection=asked.collection, authority=authority, author=asked.collection, address=address)


def _file(text: str) -> File:
    return File(body=text.encode("utf-8", "replace"), media_type=ATOM, headers={"cache-control": "no-cache"})


def _stories(asked: Asked, stories: list[StoryNews]) -> Iterator[str]:
    facts = _facts(asked, asked.root + asked.to.page("stories.atom"))
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"<id>{xml_text(tag(facts, facts.collection, 'stories'))}</id>\n"
    yield f"<title>{xml_text(TEXTS['feed_of_stories'].format(collection=facts.collection))}</title>\n"
    yield f"<updated>{max((one.updated for one in stories), default=_NEVER)}</updated>\n"
    yield f"<author><name>{xml_text(facts.author)}</name></author>\n"
    yield f'<link rel="self" type="application/atom+xml" href={xml_attribute(str(facts.address))}/>\n'
    yield f'<link rel="alternate" type="text/html" href={xml_attribute(asked.root + asked.to.front())}/>\n'
    for one in stories:
        yield from _story(asked, facts, one)
    yield "</feed>\n"


def _story(asked: Asked, facts: FeedFacts, one: StoryNews) -> Iterator[str]:
    language, original = tag_of(one.language), outer(one.canonical_url)
    spoken = f" xml:lang={xml_attribute(language)}" if language else ""
    yield f"<entry{spoken}>\n<id>{xml_text(tag(facts, 'story', one.story_id))}</id>\n"
    yield f"<title>{xml_text(one.headline or one.story_id)}</title>\n<updated>{one.updated}</updated>\n"
    yield f'<link rel="alternate" type="text/html" href={xml_attribute(asked.root + asked.to.story(one.story_id))}/>\n'
    if original:
        yield f'<link rel="via" href={xml_attribute(original)}/>\n'
    for author in json.loads(one.authors or "[]"):
        yield f"<author><name>{xml_text(str(author))}</name></author>\n"
    for term in filter(None, (one.section, one.kind)):
        yield f"<category term={xml_attribute(term)}/>\n"
    kind = WORDS["kind"].get(one.kind, one.kind)
    told = TEXTS["feed_entry"].format(kind=kind, versions=one.versions)
    told = f"{told} {one.deck or ''}".strip()
    yield f"<summary>{xml_text(told)}</summary>\n</entry>\n"
