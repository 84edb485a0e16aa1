"""The measures themselves: complexity as `radon cc` counts it, and what is wrong with the first line of a docstring."""

from __future__ import annotations

import ast

import house
import pytest


@pytest.mark.parametrize(
    ("body", "ways"),
    [
        ("pass", 1),
        ("if a: pass", 2),
        ("if a and b or c: pass", 4),
        ("if a: pass\n    elif b: pass\n    else: pass", 3),
        ("return a if b else c", 2),
        ("for a in b: pass", 2),
        ("for a in b: pass\n    else: pass", 3),
        ("while a: pass", 2),
        ("return [a for a in b if a if c]", 4),
        ("return {a: b for a in c for b in a}", 3),
        ("assert a and b or c", 2),
        ("with a: pass", 1),
        ("try: pass\n    except A: pass\n    except B: pass\n    else: pass\n    finally: pass", 4),
        ("match a:\n        case 1: pass\n        case 2: pass\n        case _: pass", 3),
        ("def g():\n        if a: pass", 1),
        ("class C:\n        x = a or b", 1),
        ("return lambda: a or b", 2),
    ],
)
def test_complexity(body: str, ways: int) -> None:
    (function,) = ast.parse(f"def f():\n    {body}\n").body
    assert isinstance(function, ast.FunctionDef)
    assert house.complexity(function) == ways


@pytest.mark.parametrize(
    "line",
    [
        "Digest the payload of one response block.",
        "Return the host's rules, or None if none are known.",
        "Text of an `aside` that stands beside the article.",
        "Connection that is kept for the next request.",
        "`what` to count, by role.",
        "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen.",
    ],
)
def test_a_plain_line_passes(line: str) -> None:
    assert house.prose_faults(line) == ""


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("What came, in order.", "'What'"),
        ("Whether a cookie may be kept.", "'Whether'"),
        ("How long an answer may take.", "'How'"),
        ("The rules of a host, None where there are none.", "'None where'"),
        ("Limits for strangers.", "'strangers'"),
        ("Put an answer aside.", "'aside'"),
        ("One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen.", "16 words"),
        ("What one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen.", "16 words, 'What'"),
    ],
)
def test_any_other_is_told(line: str, fault: str) -> None:
    assert house.prose_faults(line) == fault


def test_the_length_of_a_function_is_all_of_it_but_its_decorators() -> None:
    (function,) = ast.parse('@one\n@two\ndef f():\n    """One\n\n    two."""\n    a = 1\n\n    return a\n').body
    assert isinstance(function, ast.FunctionDef)
    assert house.length(function) == 7


def test_inner_functions_and_methods_are_found_by_their_dotted_names(tmp_path, monkeypatch) -> None:
    file = tmp_path / "some.py"
    file.write_text("class C:\n    def m(self):\n        def inner(): pass\n\nif True:\n    async def f(): pass\n")
    monkeypatch.setattr(house, "HOUSE", tmp_path)
    assert [name for name, _ in house.functions(file)] == ["C.m", "C.m.inner", "f"]


def test_what_is_over_a_limit_is_printed_for_the_rooms_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    house.main(["no-such-room/"])
    assert capsys.readouterr().out == ""
