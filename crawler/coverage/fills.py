"""Fields that articles have, by template, held against earlier runs."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from math import exp, lgamma
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from crawler.coverage.finding import Finding
from crawler.formatting import counted
from crawler.items import Article, Capture

if TYPE_CHECKING:
    from crawler.parsers.template import Template

GENERIC = "generic"
POOL, POOL_TIME = 8, timedelta(days=7)
"""Articles of the newest runs that are held against those before, and how far back they may lie."""
LEAST_NOW, LEAST_BEFORE = 3, 20
"""Articles below which nothing is compared."""
ENOUGH, MEMORY = 500, timedelta(days=60)
"""Articles of earlier runs that are enough, and how far back they may lie."""
REMEMBERED = timedelta(days=14)
"""For which the runs in which a field had fallen do not count as what is usual."""
LAYOUT = "template"
"""In `RunFills.fallen`: too many stories fitted no template."""
FALL, CHANCE = 0.25, 1e-4
"""By how much a share must fall, and how likely the fall may be by chance."""
OLD = timedelta(days=60)
"""Since publication, after which an article says nothing of what the site does now."""
MAX_EXAMPLES = 3
OUT_OF_SEASON = "out-of-season"
_COUNTED = {"captions": "pictures", "credits": "pictures"}
"""Fields that only articles with pictures can have."""


@define
class FillTally:
    """Counts of the articles of one run, by template, and of the fields they have."""

    counts: dict[str, Counter[str]] = field(factory=dict)
    unknown: list[str] = field(factory=list)
    """Addresses of stories that no template of the site read, the first ones."""

    def count(self, article: Article, template: Template | None, capture: Capture) -> None:
        """Count a new story of a site with templates, unless it is old.

        Old stories have other fields.

        Args:
            template: The one that read it; None: the generic reader.
        """
        if _is_old(article, capture.date):
            return
        mine = self.counts.setdefault(GENERIC if template is None else article.template or GENERIC, Counter())
        mine["articles"] += 1
        mine.update(name for name, there in _fields(article) if there)
        if template is not None:
            mine.update(f"{name} by its first rule" for name in _by_first(article, template))
        if (template is None or OUT_OF_SEASON in article.problems) and len(self.unknown) < MAX_EXAMPLES:
            self.unknown.append(capture.url)
        mine[OUT_OF_SEASON] += OUT_OF_SEASON in article.problems

    def document(self) -> dict[str, dict[str, int]]:
        """The counts as `runs.stats` holds them."""
        return {name: dict(+counts) for name, counts in sorted(self.counts.items())}


def _is_old(article: Article, when: datetime) -> bool:
    """Test if an article was published long before it was captured."""
    try:
        return article.published is not None and when.date() - date.fromisoformat(article.published[:10]) > OLD
    except ValueError:
        return False


def _fields(article: Article) -> Iterator[tuple[str, bool]]:
    yield "headline", bool(article.headline)
    yield "body", bool(article.body)
    yield "authors", bool(article.authors)
    yield "date", article.published is not None
    yield "pictures", bool(article.images)
    yield "captions", any(image.caption for image in article.images)
    yield "credits", any(image.credit for image in article.images)


def _by_first(article: Article, template: Template) -> Iterator[str]:
    for name, by in article.read_by.items():
        reader = getattr(template, name, None)
        if name in ("headline", "blocks", "images", "authors", "published") and reader is not None and reader.best == by:
            yield name


@frozen(kw_only=True)
class RunFills:
    """Counts of one earlier run."""

    started: datetime
    counts: Mapping[str, Mapping[str, int]]
    fallen: frozenset[str] = frozenset()
    """Template and field, with a space between, that had fallen then."""


@frozen(kw_only=True)
class Fall:
    """A field that fewer articles of a template have than before."""

    template: str
    field: str
    now: int
    of: int
    before: int
    of_before: int

    @property
    def key(self) -> str:
        """As in `RunFills.fallen`."""
        return f"{self.template} {self.field}"

    def __str__(self) -> str:
        return f"{self.field}: {self.now} of {self.of} articles of template {self.template}, {self.before} of {self.of_before} before"


def fisher(now: int, of: int, before: int, of_before: int) -> float:
    """Chance that so few of the newer have a field (Fisher's exact test, one-sided).

    >>> round(fisher(0, 3, 60, 60), 7), fisher(3, 3, 60, 60)
    (2.52e-05, 1.0)
    """
    whole, having = of + of_before, now + before
    least = max(0, having - of_before)
    chances = [_log_choose(having, k) + _log_choose(whole - having, of - k) - _log_choose(whole, of) for k in range(least, now + 1)]
    return min(1.0, sum(map(exp, chances)))


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def falls(now: Mapping[str, Mapping[str, int]], earlier: Sequence[RunFills], *, started: datetime) -> Iterator[Fall]:
    """Yield the fields that have fallen, by template.

    Args:
        now: Counts of this run.
        earlier: Earlier runs, newest first.
        started: When this run began.
    """
    for template, counts in now.items():
        if template == GENERIC or not counts.get("articles"):
            continue
        near, rest = _parted(earlier, started, counts["articles"], partial(_articles, template=template), f"{template} ")
        names = {name for run in (*near, *rest) for name in run.counts[template]} - {"articles", OUT_OF_SEASON}
        for name in sorted(names):
            lacking = counts.get(name, 0) < counts.get(_COUNTED.get(name, "articles"), 0)
            if lacking and (one := _fall(template, name, counts, near, rest, started)):
                yield one


def _articles(run: RunFills, *, template: str) -> int:
    return run.counts.get(template, {}).get("articles", 0)


def _parted(
    earlier: Sequence[RunFills], started: datetime, own: int, articles: Callable[[RunFills], int], fallen: str
) -> tuple[list[RunFills], list[RunFills]]:  # fmt: skip
    """Part earlier runs in those just before, judged with this one, and the rest.

    Args:
        own: Articles of this run; runs just before are small, or had fallen too.
        fallen: Beginning of the keys by which that is told.
    """
    near, rest = [], [run for run in earlier if articles(run) and started - run.started < MEMORY]
    while rest and own < POOL and started - rest[0].started < POOL_TIME:
        if articles(rest[0]) >= POOL and not any(key.startswith(fallen) for key in rest[0].fallen):
            break
        own += articles(rest[0])
        near.append(rest.pop(0))
    return near, rest


def _usual(runs: Iterable[RunFills], key: str, started: datetime) -> list[RunFills]:
    """Leave out the runs that were told not long ago."""
    return [run for run in runs if started - run.started > REMEMBERED or key not in run.fallen]


def _fall(
    template: str, name: str, counts: Mapping[str, int], near: list[RunFills], rest: list[RunFills], started: datetime
) -> Fall | None:  # fmt: skip
    """Find a fall of a field in this run alone, or with those just before."""
    together = Counter(counts)
    for run in near:
        together.update(run.counts[template])
    for now, before in ((counts, [*near, *rest]), (together, rest)):
        one = _compared(template, name, now, _usual(before, f"{template} {name}", started))
        if one is not None and has_fallen(one.now, one.of, one.before, one.of_before):
            return one
    return None


def _compared(template: str, name: str, now: Mapping[str, int], usual: Iterable[RunFills]) -> Fall | None:
    base = _COUNTED.get(name, "articles")
    before, of_before = 0, 0
    for run in usual:
        before += run.counts[template].get(name, 0)
        of_before += run.counts[template].get(base, 0)
        if of_before >= ENOUGH:
            break
    if now.get(base, 0) < LEAST_NOW or of_before < LEAST_BEFORE:
        return None
    return Fall(template=template, field=name, now=now.get(name, 0), of=now[base], before=before, of_before=of_before)


def has_fallen(now: int, of: int, before: int, of_before: int) -> bool:
    """Test if a share is smaller than before by more than chance."""
    return before / of_before - now / of >= FALL and fisher(now, of, before, of_before) < CHANCE


def fields_filled(found: Sequence[Fall]) -> Finding:
    """Check that articles have their fields as often as in earlier runs."""
    advice = "Read one of the new stories with `scrapy read URL --explain`: the page has changed, and the template in the site file with it"
    return Finding(
        check="fields", name="fields are filled as before", good=not found, detail="; ".join(map(str, found)) or "none has fallen",
        advice=advice if found else "",
    )  # fmt: skip


def layouts_known(tally: FillTally, earlier: Sequence[RunFills], *, started: datetime) -> Finding | None:
    """Check that the site's templates read its stories; None without a story."""
    own = _unknown([tally.document()])
    if not own[1]:
        return None
    near, rest = _parted(earlier, started, own[1], lambda run: _unknown([run.counts])[1], LAYOUT)
    (strange, read), before = own, _unknown(run.counts for run in _usual((*near, *rest), LAYOUT, started))
    bad = _too_many(own, own, before)
    if not bad and near:
        strange, read = _unknown([tally.document(), *(run.counts for run in near)])
        before = _unknown(run.counts for run in _usual(rest, LAYOUT, started))
        bad = _too_many(own, (strange, read), before)
    detail = f"{strange} of {counted(read, 'story', 'stories')} fit no template of the site"
    if bad:
        detail += f", {before[0]} of {before[1]} before; first {tally.unknown[0] if tally.unknown else '-'}"
    advice = "Make a fixture of one (`scrapy fixture URL`), and add a template with its mark and dates to the site file"
    return Finding(check="template", name="layouts are known", good=not bad, detail=detail, advice=advice if bad else "")


def _too_many(own: tuple[int, int], now: tuple[int, int], before: tuple[int, int]) -> bool:
    """Test if more stories than before fit no template, some of this run among them."""
    (strange, read), (strange_before, read_before) = now, before
    if not own[0] or strange < LEAST_NOW:
        return False
    if read_before < LEAST_BEFORE:
        return 2 * strange > read
    return has_fallen(read - strange, read, read_before - strange_before, read_before)


def _unknown(documents: Iterable[Mapping[str, Mapping[str, int]]]) -> tuple[int, int]:
    """Count the stories that fit no template, or one out of season, and all."""
    strange, read = 0, 0
    for one in documents:
        read += sum(counts.get("articles", 0) for counts in one.values())
        strange += one.get(GENERIC, {}).get("articles", 0)
        strange += sum(counts.get(OUT_OF_SEASON, 0) for name, counts in one.items() if name != GENERIC)
    return strange, read


def fills_of(rows: Iterable[sqlite3.Row]) -> list[RunFills]:
    """Earlier runs that looked for what is new, of rows with `started`, `fills` and `fallen`."""
    return [
        RunFills(
            started=datetime.fromisoformat(row["started"]), counts=json.loads(row["fills"]),
            fallen=frozenset(json.loads(row["fallen"] or "[]")),
        )
        for row in rows
        if row["fills"]
    ]
