"""Result of reading WARCs again into Parquet, for `scrapy reread`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.formatting import counted, one_line, size
from crawler.printed.reread import failed_checks

if TYPE_CHECKING:
    from crawler.rereading.reread import Reread

_MOST_LINES = 10


def report(result: Reread, left_out: list[str], folder: Path, seconds: float) -> None:
    """Print what was read, what was left out and why."""
    for text in (*_few([f"left out: {one}" for one in left_out]), *_left_out(result), *_checks(result), *_few(_damaged(result))):
        print(one_line(f"  {text}"))
    for one in result.failed:
        print(one_line(f"  NOT read: {one['error']}"))
    if there := sum(one.get("skipped", False) for one in result.results):
        print(f"  {counted(there, 'file')} up to date: not read again (--again does)")
    print(f"{folder}: {_done(result, seconds)}")


def _left_out(result: Reread) -> Iterator[str]:
    for one in result.stats.omitted:
        yield f"left out: {one.count} {one.reason}" + (f", first {one.example}" if one.example else "")


def _checks(result: Reread) -> Iterator[str]:
    return (f"NOT {what}" for what in failed_checks(result.stats))


def _damaged(result: Reread) -> list[str]:
    return [f"damaged: {one['name']}: {what}" for one in result.results for what in one.get("damaged", ())]


def _done(result: Reread, seconds: float) -> str:
    """Count the files and captures read in this call, with the rate."""
    done = [one for one in result.results if "error" not in one and not one["skipped"]]
    pages, amount, articles = (sum(values) for values in zip((0, 0, 0), *map(_amounts, done), strict=True))
    rate = f" ({pages / seconds:.1f} captures/s, {size(int(amount / seconds))}/s)" if seconds and done else ""
    told = f"{counted(pages, 'capture')} of {counted(len(done), 'WARC file')} read, {counted(articles, 'article')}"
    return f"{told}, in {seconds:.1f} s{rate}"


def _amounts(one: dict[str, Any]) -> tuple[int, int, int]:
    return one["rows"].get("captures", 0), one["size"], one["rows"].get("versions", 0)


def _few(lines: list[str]) -> Iterator[str]:
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"... and {len(lines) - _MOST_LINES} more"


def document(result: Reread, left_out: list[str], folder: Path, seconds: float, code: int) -> dict[str, Any]:
    """The same as JSON values."""
    names = ("captures", "versions", "images", "links", "failures", "faults")
    return {
        "folder": str(folder), "exit_code": code, "seconds": round(seconds, 3), "rows": {name: result.rows(name) for name in names},
        "files": [
            {
                "name": one["name"], "where": one["where"], "skipped": one.get("skipped", False), "rows": one.get("rows", {}),
                "bytes": one.get("size"), "processor_seconds": one.get("seconds"), "damaged": one.get("damaged", []),
                "faults": one.get("faults", 0), "error": one.get("error"), "exit_code": one["exit_code"],
            }
            for one in result.results
        ],
        "left_out": left_out, "failed_checks": failed_checks(result.stats), "stats": result.stats.document(),
    }  # fmt: skip
