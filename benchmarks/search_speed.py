"""Time the first page of searches, with snippets and facets, on a collection of `benchmarks.big_index`: processor milliseconds.

python -m benchmarks.search_speed COLLECTION
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks.invented_texts import TONGUES, Vocabulary
from crawler.index.index import Index
from crawler.search.answers import answer

TURNS = 3


def queries() -> dict[str, str]:
    """Queries by what they are, of invented English words by their rank."""
    words = Vocabulary(TONGUES[0]).words
    return {
        "a word of half of all": words[0],
        "two such words": f"{words[0]} {words[1]}",
        "one or the other": f"{words[1]} OR {words[2]}",
        "side by side": f'"{words[0]} {words[1]}"',
        "a common word": words[50],
        "a rare word": words[len(words) // 15],
        "a common beginning": f"{words[0]}*",
        "in the headline": f"headline:{words[0]}",
        "in captions": f"caption:{words[0]}",
        "a credit": "credit:norda",
        "a word of a year": f"{words[0]} year:2016",
        "a section and dates": "section:world since:2016 until:2016-05",
        "a language": "lang:fa",
        "removed": "is:removed",
        "edited": "is:edited",
        "Chinese": "山水",
    }


def measure(index: Index) -> dict[str, tuple[float, int]]:
    """The least milliseconds and the stories found, by query."""
    found = {}
    for name, text in queries().items():
        took = []
        for _ in range(TURNS):
            began = time.process_time()
            total = answer(index, text, facets=True).total
            took.append(1000 * (time.process_time() - began))
        found[name] = min(took), total
    return found


def main(words: list[str] | None = None) -> None:
    """Print a line for each query."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.search_speed", description=(__doc__ or "").split("\n")[0])
    options.add_argument("collection", type=Path, metavar="COLLECTION")
    with Index.open(options.parse_args(words).collection / "index.db", readonly=True, older=True) as index:
        for name, (took, total) in measure(index).items():
            print(f"{took:8.1f} ms {total:9,} stories  {name}")


if __name__ == "__main__":
    main()
