"""CONTRIBUTING.md: each answer to a stranger's question names a file and something in it; each task names what is there."""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
ANSWERS = re.findall(r"^\| ([^|]+\?) \| `([^`]+)` \| `(\w+)` \| ([^|]+) \|$", TEXT, re.MULTILINE)


def test_there_are_ten_questions() -> None:
    assert len(ANSWERS) == 10


@pytest.mark.parametrize(("question", "file", "name", "how"), ANSWERS, ids=[answer[0] for answer in ANSWERS])
def test_an_answer_names_what_is_there(question: str, file: str, name: str, how: str) -> None:
    assert re.search(rf"^(?:class |def |async def )?{name}\b", (ROOT / file).read_text(), re.MULTILINE) or re.search(
        rf"\b{name}\(", (ROOT / file).read_text()
    ), f"{file} has no {name}"
    missing = [path for path in re.findall(r"`((?:crawler|tests|docs)/[\w/.]+)`", how) if not (ROOT / path).exists()]
    assert not missing
    sources = "\n".join(path.read_text() for path in (ROOT / "crawler").rglob("*.py"))
    named = re.findall(r"`(?:\w+\.)?([A-Za-z_]\w+)`", how)
    unknown = [word for word in named if not re.search(rf"\b{word}\b", sources + (ROOT / "docs" / "generate.py").read_text())]
    assert not unknown


def test_each_task_names_files_that_are_there() -> None:
    tasks = re.findall(r"^\| [a-z][^|]+ \| `([^`]+)`", TEXT, re.MULTILINE)
    assert len(tasks) >= 9
    made = {".venv/bin/python", ".venv/bin/ruff", ".venv/bin/mypy"}
    words = {word for task in tasks for word in shlex.split(task) if "/" in word} - made
    assert not [word for word in words if not (ROOT / word.replace("http/", "crawler/http").replace("warc/", "crawler/warc")).exists()
                and not (ROOT / word).exists()]  # fmt: skip
