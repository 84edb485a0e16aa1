"""Choose the rules of reading on two thirds of a set of pages with answers, score them on the third, in turn.

A rule that only helps the pages it was written on shows here: chosen where it helps, it does not help where it was not seen.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib
import importlib.util
import json
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from attrs import field, frozen

from crawler import parsers
from crawler.parsers.document.rules import Rules, Steps, name_of
from crawler.parsers.json import as_json
from crawler.processing.read_page import read_page

FOLDS = 3
FIELDS = ("shingle", "headline", "authors", "date_day", "date_instant", "caption", "credit", "credit_placed", "picture_whole", "language")
"""What a page is scored by; each field that its answer has weighs the same."""
THIN = 2
"""Pages that a rule must help to be more than the memory of one page."""
EQUAL = 1e-9

Counts = dict[str, tuple[float, ...]]
Answers = dict[str, Counts]


@frozen(kw_only=True)
class Sample:
    """A page with its right answers."""

    id: str
    url: str
    html: str
    truth: Mapping[str, Any]

    @property
    def fold(self) -> int:
        """The third it belongs to, by its name alone."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % FOLDS


@frozen(kw_only=True)
class Switch:
    """A rule that can be left out.

    `holder` is the object whose attribute `attribute` holds the rules as a tuple.
    """

    table: str
    """Name of the rules' field."""
    name: str
    holder: Any = field(repr=False)
    attribute: str

    @contextmanager
    def off(self) -> Iterator[None]:
        """Read without the rule for a while."""
        before = getattr(self.holder, self.attribute)
        setattr(self.holder, self.attribute, tuple(rule for rule in before if _name(rule) != self.name))
        try:
            yield
        finally:
            setattr(self.holder, self.attribute, before)


@frozen(kw_only=True)
class Effect:
    """What a rule does for each page on which leaving it out changes the score: the gain that it brings."""

    switch: Switch
    changed: int
    gains: Mapping[str, float]

    def over(self, pages: Sequence[Sample]) -> tuple[int, int, float]:
        """Pages it helps, pages it harms, and the sum of its gains."""
        gains = [self.gains.get(page.id, 0.0) for page in pages]
        return sum(gain > EQUAL for gain in gains), sum(gain < -EQUAL for gain in gains), sum(gains)


def main(words: list[str] | None = None) -> int:
    """Measure every rule, and print what choosing them is worth on pages that the choice has not seen."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.folds", description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder with truth.jsonl and the pages that it names")
    options.add_argument("--metrics", type=Path, required=True, help="module with compare(truth, answer) and summarise(records)")
    given = options.parse_args(words)
    metrics = module_at(given.metrics)
    pages = list(samples(given.data))
    base = scores(pages, metrics)
    effects = []
    for switch in switches():
        effects.append(effect(switch, pages, base, metrics))
        print(f"{switch.table}: {switch.name}: {effects[-1].changed} changed", file=sys.stderr)
    print(rules_table(effects, pages))
    print(folds_table(effects, pages, base, metrics))
    return 0


def module_at(path: Path) -> ModuleType:
    """Load a module from its file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def samples(folder: Path) -> Iterator[Sample]:
    """Yield the pages of a folder, `truth.jsonl` with `id`, `url`, `file` and `truth` in each line."""
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        path = folder / one["file"]
        payload = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        yield Sample(id=one["id"], url=one["url"], html=payload.decode("utf-8", "replace"), truth=one["truth"])


def switches() -> list[Switch]:
    """Every rule of every table of rules in the parsers."""
    found: dict[tuple[int, str], Switch] = {}
    for info in pkgutil.walk_packages(parsers.__path__, f"{parsers.__name__}."):
        module = importlib.import_module(info.name)
        for value in vars(module).values():
            if isinstance(value, Rules | Steps):
                attribute = "rules" if isinstance(value, Rules) else "steps"
                for rule in getattr(value, attribute):
                    found[id(value), _name(rule)] = Switch(table=value.field, name=_name(rule), holder=value, attribute=attribute)
    return list(found.values())


def _name(rule: Any) -> str:
    return rule[0] if isinstance(rule, tuple) else name_of(rule)


def scores(pages: Sequence[Sample], metrics: ModuleType) -> Answers:
    """Read pages and count what is right, by page."""
    return {page.id: metrics.compare(page.truth, as_json(read_page(page.html, page.url))) for page in pages}


def effect(switch: Switch, pages: Sequence[Sample], base: Answers, metrics: ModuleType) -> Effect:
    """Read the pages without a rule."""
    with switch.off():
        less = scores(pages, metrics)
    changed = {page.id for page in pages if less[page.id] != base[page.id]}
    return Effect(switch=switch, changed=len(changed), gains={one: worth(base[one]) - worth(less[one]) for one in changed})


def worth(counts: Counts) -> float:
    """Score one page: the sum of its fields' own scores, 0 to 1 each."""
    return sum(_share(counts[name]) for name in FIELDS if name in counts)


def _share(count: Sequence[float]) -> float:
    if len(count) == 2:
        return count[0] / count[1] if count[1] else 1.0
    right, wrong, missing = count
    return 2 * right / (2 * right + wrong + missing) if right + wrong + missing else 1.0


def rules_table(effects: Sequence[Effect], pages: Sequence[Sample]) -> str:
    """Write what each rule does, as a table: those without an effect on any score are only counted."""
    lines = ["| field | rule | scores changed | helps | harms |", "|---|---|---:|---:|---:|"]
    for one in sorted(effects, key=lambda e: (e.switch.table, -e.over(pages)[2])):
        helps, harms, _ = one.over(pages)
        if helps or harms:
            lines.append(f"| {one.switch.table} | {one.switch.name} | {one.changed} | {helps} | {harms} |")
    silent = sum(not any(one.over(pages)[:2]) for one in effects)
    return "\n".join([*lines, "", f"{len(effects)} rules, {silent} of them change no score.", ""])


def folds_table(effects: Sequence[Effect], pages: Sequence[Sample], base: Answers, metrics: ModuleType) -> str:
    """Write the scores of each third with the rules chosen on the other two, as a table."""
    lines = ["| third | rules | left out | " + " | ".join(FIELDS) + " |", "|---|---|---:|" + "---:|" * len(FIELDS)]
    for fold in range(FOLDS):
        others = [page for page in pages if page.fold != fold]
        held = [page for page in pages if page.fold == fold]
        lines.append(_row(fold, "all", 0, [base[page.id] for page in held], metrics))
        choices: dict[str, Callable[[int, int, float], bool]] = {
            "that do not harm": lambda helps, harms, gain: gain < -EQUAL,
            f"that help {THIN} pages": lambda helps, harms, gain: gain < -EQUAL or helps < THIN,
        }
        for name, out in choices.items():
            dropped = [one.switch for one in effects if one.changed and out(*one.over(others))]
            with without(dropped):
                lines.append(_row(fold, name, len(dropped), list(scores(held, metrics).values()), metrics))
    return "\n".join([*lines, ""])


@contextmanager
def without(dropped: Sequence[Switch]) -> Iterator[None]:
    """Read without several rules for a while."""
    if not dropped:
        yield
        return
    with dropped[0].off(), without(dropped[1:]):
        yield


def _row(fold: int, name: str, left_out: int, records: list[Counts], metrics: ModuleType) -> str:
    found = metrics.summarise(records)
    shown = (f"{found[one]['value']:.3f}" if one in found else "" for one in FIELDS)
    return f"| {fold} | {name} | {left_out} | " + " | ".join(shown) + " |"


if __name__ == "__main__":
    sys.exit(main())
