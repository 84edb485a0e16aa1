"""Changes of one story, derived from what its captures showed, in time order.

Pure: the same sightings give the same changes, in whatever order they were filed. A host that shows a text older than the current one, and
never showed a newer one itself, lags behind: nothing happened to the story. A host that goes back to an older text has reverted to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from urllib.parse import urlsplit

from attrs import define, field, frozen

KINDS = (
    "published", "edited", "headline_changed", "caption_changed", "credit_changed", "picture_replaced", "removed", "restored", "moved",
    "diverged",
)  # fmt: skip
"""Values of column `kind`, in the order in which events of one date are listed."""


@frozen
class Face:
    """Address and pictures of a page, beside the text of its article."""

    place: str
    """Where its canonical address says that it stands; empty where it says nothing."""
    pictures: tuple[str, ...]
    """Keys of its pictures."""


@frozen
class Sight:
    """One capture that showed a version."""

    version: int
    capture: int
    host: str
    date: str
    face: Face | None = None
    """None where it is not known, as of a page that was cut off."""


@frozen
class Picture:
    """One picture of a version, texts evened out."""

    key: str
    caption: str
    credit: str


@frozen
class Words:
    """The texts of a version, evened out."""

    headline: str
    deck: str
    body: str
    pictures: tuple[Picture, ...]


@frozen(kw_only=True)
class Change:
    """One event of a story."""

    kind: str
    date: str
    """Date of the capture by which it counts."""
    capture: int | None
    """The capture that shows it."""
    before: int | None = None
    """The last capture that showed what was before."""
    version: int | None = None
    version_before: int | None = None
    host: str | None
    changed_by: str | None
    """It happened until then."""
    stood_from: str | None = None
    """First capture that showed what was before."""
    stood_to: str | None = None
    """Last capture that showed what was before."""


@define
class _Aspect:
    """One side of the faces of a story, as shown last: altogether, by each host."""

    now: tuple[str, ...] | str
    since: str
    last: Sight
    by_host: dict[str, tuple[str, ...] | str] = field(factory=dict)


def changes(sights: Sequence[Sight], words_of: Callable[[int], Words]) -> Iterator[Change]:
    """Tell what the sightings of a story say of its text, pictures and address.

    Args:
        sights: By date.
        words_of: The texts of a version.
    """
    if not sights:
        return
    first = sights[0]
    yield Change(kind="published", date=first.date, capture=first.capture, version=first.version, host=first.host, changed_by=first.date)
    last = first
    since = dict.fromkeys(KINDS, first)
    places = {first.version: 0}
    reached: dict[str, int] = {}
    aspects: dict[str, _Aspect] = {}
    for one in sights:
        changed = one.version != last.version
        if one.version not in places or (changed and places[one.version] < reached.get(one.host, -1)):
            for kind in kinds(words_of(last.version), words_of(one.version)):
                yield _change(kind, since[kind], last, one)
                since[kind] = one
            places[one.version] = max(places.values()) + 1
        elif changed:
            reached[one.host] = max(reached.get(one.host, -1), places[one.version])
            continue
        reached[one.host] = places[one.version]
        last = one
        if one.face is not None:
            yield from _face_changes(aspects, one, one.face, edited=changed)


def _face_changes(aspects: dict[str, _Aspect], one: Sight, face: Face, *, edited: bool) -> Iterator[Change]:
    """Compare what a page shows beside its text with what the same host showed before.

    Layouts of mirrors differ: what another host shows is compared only where the text changed with it, and addresses never.
    """
    for kind, value in (("picture_replaced", face.pictures), ("moved", face.place)):
        if value == "":
            continue  # a layout that names no canonical address
        known = aspects.get(kind)
        if known is None:
            aspects[kind] = known = _Aspect(value, one.date, one)
        before = known.by_host.get(one.host, known.now if edited and kind == "picture_replaced" else None)
        known.by_host[one.host] = value
        if value == known.now:
            known.last = one
        elif before is not None and before != value:
            first = Sight(known.last.version, known.last.capture, known.last.host, known.since)
            yield _change(kind, first, known.last, one)
            known.now, known.since, known.last = value, one.date, one


def _change(kind: str, first: Sight, last: Sight, now: Sight) -> Change:
    return Change(
        kind=kind, date=now.date, capture=now.capture, before=last.capture, version=now.version, version_before=last.version, host=now.host,
        changed_by=now.date, stood_from=first.date, stood_to=last.date,
    )  # fmt: skip


def kinds(old: Words, new: Words) -> list[str]:
    """Tell what an edit consists of; one that changes nothing else than embeds is `edited`.

    A picture that comes or goes takes its caption along; one put in the place of another is compared with it.
    """
    found = []
    pairs = _pairs(old.pictures, new.pictures)
    if old.headline != new.headline:
        found.append("headline_changed")
    if any(a.caption != b.caption for a, b in pairs):
        found.append("caption_changed")
    if any(a.credit != b.credit for a, b in pairs):
        found.append("credit_changed")
    pictures_differ = {one.key for one in old.pictures} != {one.key for one in new.pictures}
    if (old.deck, old.body) != (new.deck, new.body) or not (found or pictures_differ):
        found.insert(0, "edited")
    return found


def _pairs(old: Sequence[Picture], new: Sequence[Picture]) -> list[tuple[Picture, Picture]]:
    """Pair pictures by key, the others by their order."""
    there = {one.key: one for one in new}
    pairs = [(one, there[one.key]) for one in old if one.key in there]
    kept = {one.key for one, _ in pairs}
    left = zip_longest((one for one in old if one.key not in kept), (one for one in new if one.key not in kept))
    return pairs + [(a, b) for a, b in left if a is not None and b is not None]


def place_of(canonical: str | None, *, number: int | None, hosts: bool) -> str:
    """Say where a canonical address stands, for telling that a story has moved.

    A story that its publisher finds by a number stands where the number says: its words there change with the headline.

    Args:
        number: The publisher's number of the story.
        hosts: Whether the host counts; not where mirrors serve the same stories.

    >>> place_of("https://a.example/detail/2026/774416/New-Words", number=774416, hosts=False)
    '774416'
    """
    try:
        parts = urlsplit(canonical or "")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    path = f"{parts.path.rstrip('/')}?{parts.query}" if parts.query else parts.path.rstrip("/")
    if number is not None and str(number) in (found.lstrip("0") for found in re.findall(r"\d+", path)):
        return str(number)
    return (parts.netloc.lower().removeprefix("www.") + path) if hosts else path
