"""The measure of rules on thirds of a sample measures: a rule left out is out, and comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import folds
from crawler.parsers.document.rules import Rules

METRICS = """
def compare(truth, answer):
    return {"headline": (int(truth["headline"] == answer["headline"]), 1)}


def summarise(records):
    return {"headline": {"value": sum(r["headline"][0] for r in records) / len(records)}}
"""
PAGE = """<title>{title} | The Paper</title><h1>{title}</h1><p>{text}</p><p>{text}</p>"""
TEXT = "The harbour was closed on Monday after the storm, and ships waited outside until the evening tide came in. " * 3


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    lines = []
    for n in range(9):
        title = f"Storm closes harbour number {n}"
        (tmp_path / f"{n}.html").write_text(PAGE.format(title=title, text=TEXT))
        lines.append(
            json.dumps({"id": str(n), "url": f"https://paper.example/{n}", "file": f"{n}.html", "truth": {"headline": title}}) + "\n"
        )
    (tmp_path / "truth.jsonl").write_text("".join(lines))
    (tmp_path / "metrics.py").write_text(METRICS)
    return tmp_path


def test_each_third_holds_pages_and_a_page_stays_in_its_own(sample: Path) -> None:
    pages = list(folds.samples(sample))
    assert {page.fold for page in pages} == {0, 1, 2}
    assert [page.fold for page in pages] == [page.fold for page in folds.samples(sample)]


def test_a_rule_left_out_is_out_and_comes_back() -> None:
    def one() -> int | None:
        return 1

    def two() -> int | None:
        return 2

    rules: Rules[[], int] = Rules("number", one, two)
    first = folds.Switch(table="number", name="one", holder=rules, attribute="rules")
    second = folds.Switch(table="number", name="two", holder=rules, attribute="rules")
    with folds.without([first]):
        assert rules.answer() == 2
        with second.off():
            assert rules.answer() is None
    assert rules.answer() == 1


def test_rules_of_the_readers_are_found() -> None:
    found = {(one.table, one.name) for one in folds.switches()}
    assert ("caption", "figure") in found
    assert len(found) > 60


def test_a_rule_that_helps_is_told_from_one_that_does_nothing(
    sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = [one for one in folds.switches() if one.table == "printed headline" or one.name == "small square"]
    monkeypatch.setattr(folds, "switches", lambda: chosen)
    folds.main(["--data", str(sample), "--metrics", str(sample / "metrics.py")])
    told = capsys.readouterr().out
    assert f"{len(chosen)} rules" in told
    assert "| 0 | all | 0 |  | 1.000 |" in told
    pages = list(folds.samples(sample))
    gains = folds.Effect(switch=chosen[0], changed=3, gains={"0": 1.0, "1": -1.0, "2": 0.5})
    assert gains.over(pages) == (2, 1, 0.5)
