"""Report of a check of replays: figures, the worst pages, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

from attrs import frozen

from crawler.formatting import counted, one_line, shown
from crawler.index.rows import Value, iso
from crawler.playback.check import Checked
from crawler.playback.judgement import Judged
from crawler.playback.sample import Choice
from crawler.sites.known import WEB

WORST = 10
"""Pages that the text tells of; `--json` has all."""
_MISSING_TOLD = 4
_HIDDEN = 0.9
"""Share of the words in the page that must be on the screen, for it not to be called hidden."""


@frozen(kw_only=True)
class Report:
    """A check, as it is told."""

    collection: str
    checked: Checked
    choice: Choice
    least: float
    """Score that each page is to reach."""
    stopped: bool = False
    """A signal came first."""

    def rows(self) -> list[dict[str, Value]]:
        """The rows of table `qa`."""
        return [one.row(self.checked.browser, self.checked.replay, iso(one.date)) for one in self.checked.judged]

    @property
    def bad(self) -> list[Judged]:
        """Pages that do not reach the score, or leak; the worst first."""
        found = [one for one in self.checked.judged if not one.good(self.least)]
        return sorted(found, key=lambda one: (one.score, one.target.record_id))


def document_of(report: Report, exit_code: int) -> dict[str, Any]:
    """The report as one JSON object."""
    judged, checked, choice = report.checked.judged, report.checked, report.choice
    return {
        "collection": report.collection, "exit_code": exit_code, "stopped": report.stopped, "threshold": report.least,
        "checked": len(judged), "bad": len(report.bad), "known": choice.known, "unsealed": choice.unsealed,
        "browser": checked.browser, "replay": checked.replay, **_figures(judged),
        "pages": [
            {"story": one.target.story, "version": one.target.version, "url": one.target.url, "template": one.target.template,
             "captured": one.target.date, "score": round(one.score, 4), "good": one.good(report.least),
             **one.row(checked.browser, checked.replay, iso(one.date)),
             "problems": list(one.problems), "missing_urls": [gone._asdict() for gone in one.missing], "leaked": list(one.leaks),
             "messages": list(one.errors)}
            for one in judged
        ],
        "advice": list(advice(report)),
    }  # fmt: skip


def _figures(judged: Sequence[Judged]) -> dict[str, Any]:
    texts = [one.score_text for one in judged if one.score_text is not None]
    return {
        "score_resources": round(fmean(one.score_resources for one in judged), 4) if judged else None,
        "score_text": round(fmean(texts), 4) if texts else None,
        "wanted": sum(one.wanted for one in judged), "archived": sum(one.archived for one in judged),
        "left_out": sum(one.left_out for one in judged), "leaks": sum(len(one.leaks) for one in judged),
    }  # fmt: skip


def text_of(report: Report) -> str:
    """The report for a terminal."""
    judged, figures = report.checked.judged, _figures(report.checked.judged)
    known = f" of {report.choice.known:,}" if report.choice.known > len(judged) else ""
    left = f", {counted(report.choice.unsealed, 'capture')} in a WARC that is not sealed yet" if report.choice.unsealed else ""
    seconds = sum(one.seconds for one in judged)
    lines = [
        f"{report.collection}: {counted(len(judged), 'page')}{known} looked at in replay, {seconds:.0f} s{left}"
        + (" (stopped by a signal)" if report.stopped else ""),
        f"  with           {report.checked.browser}, {report.checked.replay}",
        f"  resources      {_percent(figures['score_resources'])}  {figures['archived']:,} of {figures['wanted']:,} are archived;"
        f" {figures['left_out']:,} left out that show nothing",
        f"  text           {_percent(figures['score_text'])}  words of headline and body that can be read on the screen, in order",
        f"  live requests  {figures['leaks']:,}",
        f"  good           {len(judged) - len(report.bad)} of {counted(len(judged), 'page')} have {report.least:.0%} of both",
    ]
    if report.bad:
        lines += ["", "Worst pages", *(line for one in report.bad[:WORST] for line in _page(one))]
    if len(report.bad) > WORST:
        lines.append(f"  and {len(report.bad) - WORST} more: --json names all")
    if problems := _problems(judged):
        lines += ["", "What pages did", *problems]
    if told := list(advice(report)):
        lines += ["", "What to do", *(f"  - {one}" for one in told)]
    return "\n".join(one_line(line) for line in lines)


def _page(one: Judged) -> Iterator[str]:
    target = one.target
    name = f"{target.story} version {target.version}" if target.story else "page"
    text = "no text known" if one.score_text is None else f"text {_percent(one.score_text).strip()}"
    yield f"  {_percent(one.score)}  {name}, {shown(target.date)}: {one.archived} of {one.wanted} resources, {text}"
    yield f"          {target.url}"
    for gone in one.missing[:_MISSING_TOLD]:
        yield f"          no {gone.kind}: {gone.url}"
    if len(one.missing) > _MISSING_TOLD:
        yield f"          and {len(one.missing) - _MISSING_TOLD} more that are not archived"
    for url in one.leaks[:_MISSING_TOLD]:
        yield f"          asked the live web, and was stopped: {url}"
    for problem in one.problems:
        yield f"          {problem}"


def _problems(judged: Sequence[Judged]) -> list[str]:
    """Count pages by what happened on them."""
    found = Counter(problem.partition(" (")[0].partition(": ")[0] for one in judged for problem in set(one.problems))
    errors = sum(1 for one in judged if one.errors)
    rows = [f"  {what}: {counted(count, 'page')}" for what, count in sorted(found.items(), key=lambda row: (-row[1], row[0]))]
    return rows + ([f"  errors of its scripts: {counted(errors, 'page')}"] if errors else [])


def advice(report: Report) -> Iterator[str]:
    """Say what can be done about bad pages."""
    bad = report.bad
    yield from _ask_again([one for one in bad if any(gone.kind != "path" for gone in one.missing)])
    opened = [one for one in bad if one.opened]
    if len(opened) < len(bad):
        yield f"pages that pywb does not find: `scrapy reindex {report.collection}` writes the lists by which it finds them (CDXJ) anew"
    yield from _about_text(opened, report.least)
    if any(one.leaks for one in bad):
        yield "pages that ask the live web were stopped here; look at them without a network, or in a browser that is kept from it"
    if any("in time" in problem for one in bad for problem in one.problems):
        yield "pages that were not done in time: --seconds gives them more"
    if report.choice.unsealed:
        yield "captures that are not sealed can be looked at when the crawl has ended, or after `scrapy repair`"


def _about_text(opened: Sequence[Judged], least: float) -> Iterator[str]:
    """Say what may have become of text."""
    if any(one.shown.on_screen < _HIDDEN * one.shown.in_page for one in opened):
        yield "text that is there and cannot be read is covered, hidden or out of order: look at it with --screenshots DIR"
    if any(one.shown.in_page < least * one.shown.words for one in opened):
        yield "text that the page does not have in replay: its scripts take it away, or failed to fetch it; `scrapy versions STORY` has it"


def _ask_again(lacking: Sequence[Judged]) -> Iterator[str]:
    """Say how to ask for what pages lack."""
    stories = sorted({one.target.story for one in lacking if one.target.story and not one.target.story.startswith(f"{WEB.name}/")})
    if stories:
        site, _, number = stories[0].partition("/")
        more = f", and so on for {counted(len(stories) - 1, 'more story', 'more stories')}" if len(stories) > 1 else ""
        yield f"ask for what is missing, if it is still served: `scrapy crawl {site} -a story={number} -a requisites=all`{more}"
    elif lacking:
        yield f"ask for what is missing, if it is still served: `scrapy crawl {WEB.name} -a seeds=URL -a scope=page -a requisites=all`"


def _percent(share: float | None) -> str:
    return "   -   " if share is None else f"{100 * share:5.1f} %"
