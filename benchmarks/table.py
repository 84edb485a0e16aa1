"""Table of the medians, ratios against plain Scrapy, and the line of the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.contestants import BASE, CONTESTANTS
from benchmarks.measure import Run

MIB = 1024 * 1024
BUSY = 0.1
"""Share of the machine used by others above which walls say nothing."""
_HEAD = ("contestant", "pages/s", "ratio", "CPU s/1k", "ratio", "RSS MiB", "WARC/wire", "index/WARC", "pages", "other %")

Runs = Mapping[str, Sequence[Run]]


def figures(runs: Sequence[Run]) -> dict[str, float]:
    """Medians of the runs of one contestant."""
    return {
        "pages_per_second": median(run.pages / run.wall for run in runs),
        "cpu_per_1000": median(1000 * run.cpu / max(1, run.pages) for run in runs),
        "rss_mib": median(run.rss / MIB for run in runs),
        "warc_per_wire": median(run.warc / max(1, run.wire) for run in runs),
        "index_per_warc": median(run.index / run.warc if run.warc else 0.0 for run in runs),
        "pages": median(run.pages for run in runs),
        "other": median(run.other for run in runs),
    }


def table(results: Runs) -> str:
    """Lay the medians out, one line a contestant, in the order of `CONTESTANTS`."""
    base = figures(results[BASE]) if BASE in results else None
    rows = [_HEAD]
    for one in CONTESTANTS:
        if one.name not in results:
            continue
        made = figures(results[one.name])
        mark = "" if all(run.exit_code == 0 for run in results[one.name]) else " (!)"
        ratios = [made[key] / base[key] if base else 0.0 for key in ("pages_per_second", "cpu_per_1000")]
        rows.append(
            (
                one.name + mark, f"{made['pages_per_second']:.1f}", f"{ratios[0]:.2f}", f"{made['cpu_per_1000']:.2f}", f"{ratios[1]:.2f}",
                f"{made['rss_mib']:.0f}", _share(made["warc_per_wire"]), _share(made["index_per_warc"]), f"{made['pages']:.0f}",
                f"{100 * made['other']:.0f}",
            )
        )  # fmt: skip
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEAD))]
    return "\n".join("  ".join(word.ljust(widths[n]) if n == 0 else word.rjust(widths[n]) for n, word in enumerate(row)) for row in rows)


def _share(value: float) -> str:
    return f"{value:.2f}" if value else "-"


def warnings(results: Runs, pages: int) -> list[str]:
    """Say which runs are not to be quoted."""
    found = []
    for name, runs in results.items():
        if any(run.pages < pages for run in runs):
            found.append(f"{name}: {min(run.pages for run in runs)} of {pages} pages in one run")
        if any(run.exit_code for run in runs):
            found.append(f"{name}: exit codes {sorted({run.exit_code for run in runs})}")
        if max(run.other for run in runs) > BUSY:
            found.append(f"{name}: others used up to {max(run.other for run in runs):.0%} of the machine; pages/s say little")
    return found


def history(results: Runs, **about: Any) -> dict[str, Any]:
    """One line of `history.jsonl`: what was measured, and the medians as ratios against plain Scrapy."""
    base = figures(results[BASE])
    line: dict[str, Any] = dict(about)
    for name, runs in results.items():
        made = figures(runs)
        line[name] = {
            "speed": round(made["pages_per_second"] / base["pages_per_second"], 2),
            "cpu": round(made["cpu_per_1000"] / base["cpu_per_1000"], 2),
            "rss_mib": round(made["rss_mib"]),
            **({"index_per_warc": round(made["index_per_warc"], 3)} if made["index_per_warc"] else {}),
        }
    return line
