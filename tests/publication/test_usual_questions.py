"""Each question of the docs is answered by the demo's collection."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.publication.questions import QUESTIONS

NONE = {"which_agencies"}
"""The demo's agencies are made up, so that no credit names one that is known."""


def test_each_is_answered_on_the_demo(_demo: Path) -> None:
    with closing(sqlite3.connect(f"file:{_demo / 'demo' / 'index.db'}?mode=ro", uri=True)) as index:
        silent = {one.name for one in QUESTIONS if not index.execute(one.sql, dict(one.example)).fetchall()}
        makers = dict(index.execute("SELECT credit, pictures FROM pictures_by_credit").fetchall())
    assert silent == NONE
    assert makers["File photo"] == 3, "`file photo` and `File photo` are one"


def test_names_and_titles_are_said_once() -> None:
    assert len({one.name for one in QUESTIONS}) == len({one.title for one in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)
def test_parameters_have_examples(question: object) -> None:
    import re

    assert set(re.findall(r":(\w+)", question.sql)) == {name for name, _ in question.example}  # type: ignore[attr-defined]
