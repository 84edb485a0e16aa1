"""Judgement of a look at a replayed page, as a row of table `qa`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from attrs import frozen

from crawler.index.rows import Value, moment
from crawler.playback.answers import same_resource
from crawler.playback.sample import Target
from crawler.playback.seen import Answered, Look
from crawler.playback.words import Shown, compare
from crawler.requisites.needs import Requisites

MAX_MISSING = 200
"""Addresses of a row; the count has all."""
_SECONDS_APART = 1.0


class Missing(NamedTuple):
    """A resource that the archive did not give."""

    url: str
    kind: str


@frozen(kw_only=True)
class Judged:
    """Scores of one capture in replay."""

    target: Target
    date: datetime
    wanted: int
    archived: int
    left_out: int
    missing: Sequence[Missing]
    leaks: Sequence[str]
    shown: Shown
    errors: Sequence[str]
    days_apart: int
    seconds: float
    problems: Sequence[str]
    opened: bool
    """The archive gave the page itself."""

    @property
    def score_resources(self) -> float:
        """Share of what is wanted that the archive gave."""
        return 0.0 if not self.opened else self.archived / self.wanted if self.wanted else 1.0

    @property
    def score_text(self) -> float | None:
        """Share of the words of headline and body on the screen, in order."""
        return self.shown.score

    @property
    def score(self) -> float:
        """The lower of both."""
        return self.score_resources if self.score_text is None else min(self.score_resources, self.score_text)

    def good(self, least: float) -> bool:
        """Tell whether a page is as good as is asked for, and leaks nothing."""
        return self.opened and not self.leaks and self.score >= least

    def row(self, browser: str, replay: str, date: str) -> dict[str, Value]:
        """The row of table `qa`."""
        return {
            "record_id": self.target.record_id, "date": date,
            "score_resources": round(self.score_resources, 4),
            "score_text": None if self.score_text is None else round(self.score_text, 4),
            "wanted": self.wanted, "archived": self.archived, "missing": len(self.missing), "left_out": self.left_out,
            "leaks": len(self.leaks), "words": self.shown.words, "words_in_page": self.shown.in_page,
            "words_on_screen": self.shown.on_screen, "errors": len(self.errors), "days_apart": self.days_apart,
            "seconds": round(self.seconds, 2), "problems": json.dumps(self.problems, ensure_ascii=False),
            "missing_urls": json.dumps([one._asdict() for one in self.missing[:MAX_MISSING]], ensure_ascii=False),
            "browser": browser, "replay": replay,
        }  # fmt: skip


def not_asked(look: Look, needed: Requisites) -> list[str]:
    """List what a page needs and the browser did not ask for: icons, other sizes."""
    return [url for url in needed.needed if same_resource(url) not in look.asked or _given_up(look.asked[same_resource(url)])]


def judge(target: Target, look: Look, needed: Requisites, held: Mapping[str, bool], *, now: datetime) -> Judged:
    """Hold a look against what the page needs and says.

    Args:
        needed: Requisites by the bytes of the capture.
        held: Whether the archive gives the addresses of `not_asked`.
    """
    left_out = _left_out(look, needed)
    wanted = {
        key: (one.url, one.kind, one.archived is not None)
        for key, one in look.asked.items() if key not in left_out and not _given_up(one)
    }  # fmt: skip
    for url, there in held.items():
        wanted.setdefault(same_resource(url), (url, needed.needed[url].kind, there))
    missing = [Missing(url, kind) for url, kind, there in wanted.values() if not there]
    missing += [Missing(url, "path") for url in look.lost]
    opened = look.document is not None and look.document.archived is not None
    return Judged(
        target=target, date=now, wanted=len(wanted) + len(look.lost), archived=len(wanted) + len(look.lost) - len(missing),
        left_out=len(left_out), missing=missing, leaks=look.leaks,
        shown=compare(target.text, look.page_text, look.screen_text if opened else ""), errors=look.errors,
        days_apart=_days_apart(target, look), seconds=look.seconds, problems=_problems(target, look), opened=opened,
    )  # fmt: skip


def _left_out(look: Look, needed: Requisites) -> set[str]:
    """Keys of resources that show nothing, or were sent."""
    apart = {same_resource(url) for urls in needed.left_out.values() for url in urls}
    return {key for key, one in look.asked.items() if one.sent or one.kind == "sent" or (key in apart and one.archived is None)}


def _given_up(one: Answered) -> bool:
    """Tell whether a page itself took a request back before it was answered."""
    return one.archived is None and one.status is None and one.failure is not None and "ABORTED" in one.failure


def _days_apart(target: Target, look: Look) -> int:
    date = moment(target.date)
    return max((abs((one.archived - date).days) for one in look.asked.values() if one.archived), default=0)


def _problems(target: Target, look: Look) -> list[str]:
    """List what else happened, with numbers."""
    problems: Mapping[str, int] = look.problems
    found = [what if count == 1 else f"{what} ({count} times)" for what, count in sorted(problems.items())]
    page = look.document
    if page is None:
        found.append("the page did not come")
    elif page.archived is None:
        found.append("the replay has no such page")
    elif all(abs((page.archived - moment(date)).total_seconds()) > _SECONDS_APART for date in (target.date, target.memento_date) if date):
        found.append(f"another capture was shown: that of {page.archived:%Y-%m-%dT%H:%M:%SZ}")
    if look.broken:
        found.append(f"pictures without content: {look.broken}")
    return found
