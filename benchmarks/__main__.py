"""Compare the crawler with plain Scrapy and wget, in turns in the same run, and print a table.

Every figure is of a whole process tree from its start to its end. Read ratios, not walls, and none of a run in which others used more
than a tenth of the machine.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.contestants import BASE, CONTESTANTS, Contestant
from benchmarks.measure import Run, run, serving
from benchmarks.newspaper import Newspaper
from benchmarks.stages import stages
from benchmarks.table import history, table, warnings
from benchmarks.workers import compared
from crawler import __version__

HISTORY = Path(__file__).parent / "history.jsonl"
SHORT_ARTICLES = 120


def main(words: list[str] | None = None) -> int:
    """Run what the command line asks for; the exit code is 1 if a contestant failed or came short."""
    given = _options().parse_args(words)
    articles, rounds = (SHORT_ARTICLES, 1) if given.short else (given.articles, given.rounds)
    chosen = _chosen(given.contestants)
    results: dict[str, list[Run]] = {one.name: [] for one in chosen}
    with serving(articles, small=given.small, latency_ms=given.latency_ms) as server:
        for turn in range(rounds):
            for one in chosen if turn % 2 == 0 else reversed(chosen):
                made = run(one, server, at_once=given.at_once, timeout=given.timeout)
                results[one.name].append(made)
                print(f"[{turn + 1}/{rounds}] {one.name}: {made.pages} pages, {made.wall:.1f} s, {made.cpu:.1f} CPU s", file=sys.stderr)
    pages = Newspaper(articles).count()
    print(f"{pages} pages, {given.at_once} requests at once, latency {given.latency_ms:g} ms; medians of {rounds}; ratios against {BASE}\n")
    print(table(results))
    for one in chosen:
        print(f"  {one.name}: {one.about}")
    found = warnings(results, pages)
    for warning in found:
        print(f"  WARNING {warning}")
    if not given.no_stages:
        print("\nprocessor time by step, ms a page")
        for name, seconds in stages(min(articles, 100)):
            print(f"  {1000 * seconds:7.2f}  {name}")
    failed = False
    if not given.no_workers:
        print("\nworkers of `scrapy work`")
        for figures in compared(short=given.short):
            failed |= any(figures.codes) or bool(figures.verdict.lost)
            print(f"  {figures.line()}", flush=True)
    if given.json:
        given.json.write_text(json.dumps([made.document() for runs in results.values() for made in runs], indent=1))
    if given.history:
        _append_history(results, articles=articles, rounds=rounds, latency_ms=given.latency_ms)
    return 1 if failed or any(made.exit_code or made.pages < pages for runs in results.values() for made in runs) else 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = ", ".join(one.name for one in CONTESTANTS)
    options.add_argument("--articles", type=int, default=1000, help="articles of the newspaper, of about 76 kB each (default: 1000)")
    options.add_argument("--small", action="store_true", help="articles of about 1 kB: how cost grows by the number of addresses")
    options.add_argument("--rounds", type=int, default=3, help="times that each contestant runs (default: 3)")
    options.add_argument("--at-once", type=int, default=16, help="requests at once (default: 16)")
    options.add_argument("--latency-ms", type=float, default=0, help="milliseconds that the server waits before each answer")
    options.add_argument("--contestants", help=f"names with commas between them (default: all of {names})")
    options.add_argument("--timeout", type=float, default=900, help="seconds after which a contestant is ended")
    options.add_argument("--short", action="store_true", help=f"one round of {SHORT_ARTICLES} articles")
    options.add_argument("--no-stages", action="store_true", help="leave the table of steps out")
    options.add_argument("--no-workers", action="store_true", help="leave the workers out: one against four, one site against many")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the figures of each run here")
    options.add_argument("--history", action="store_true", help="append a line to benchmarks/history.jsonl: once a release")
    return options


def _chosen(names: str | None) -> list[Contestant]:
    """Return the contestants to run; those that are not installed are said."""
    known = {one.name: one for one in CONTESTANTS}
    wanted = [name.strip() for name in names.split(",")] if names else list(known)
    if unknown := [name for name in wanted if name not in known]:
        raise SystemExit(f"no such contestant: {', '.join(unknown)}; there are {', '.join(known)}")
    for name in wanted:
        if known[name].missing:
            print(f"{name} is not run: {known[name].needs} is not installed", file=sys.stderr)
    return [known[name] for name in wanted if not known[name].missing]


def _append_history(results: dict[str, list[Run]], **about: object) -> None:
    line = history(
        results, version=__version__, date=f"{datetime.now(UTC):%Y-%m-%d}", python=platform.python_version(), scrapy=version("scrapy"),
        **about,
    )  # fmt: skip
    with HISTORY.open("a") as file:
        file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    sys.exit(main())
