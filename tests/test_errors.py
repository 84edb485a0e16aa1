"""Errors say what happened, where, and what to do; their exit codes are the documented ones."""

from __future__ import annotations

import ast
import errno
import os
import re
from pathlib import Path

import pytest

from crawler import errors
from crawler.errors import (
    GONE_REASONS,
    HOST_REASONS,
    LASTING_REASONS,
    POLICY_REASONS,
    REASONS,
    ArchiveError,
    BrokenChunking,
    CollectionLocked,
    Damaged,
    FetchFailed,
    NotAWarc,
    NotFetched,
    OutOfFiles,
    SetupError,
    UnknownSite,
    Unreadable,
    Usage,
    WriteFailed,
    unforeseen,
)

PATH = Path("archives/presstv/archive/x.warc.gz")
HOUSE = Path(errors.__file__).parent


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (UnknownSite("presstw", ["abendblatt", "presstv"]), "no site named 'presstw'; there are: abendblatt, presstv"),
        (CollectionLocked(PATH, "process 12 on host"), f"{PATH}: in use by process 12 on host; wait for it or stop it"),
        (CollectionLocked(PATH, ""), f"{PATH}: in use by another process; wait for it or stop it"),
        (WriteFailed(PATH, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))), f"{PATH}: cannot write: No space left on device"),
        (WriteFailed(PATH, OSError("short write")), f"{PATH}: cannot write: short write"),
        (Damaged(PATH, 512, "digest differs"), f"{PATH}: offset 512: digest differs"),
        (NotAWarc(PATH, 0, "begins with 'PK'"), f"{PATH}: offset 0: begins with 'PK'"),
        (BrokenChunking(7, "chunk size 'zz'"), "chunked body, offset 7: chunk size 'zz'"),
        (FetchFailed("dns"), "dns"),
        (FetchFailed("status", "503"), "status: 503"),
    ],
)
def test_an_error_says_what_happened_and_where(error: ArchiveError, text: str) -> None:
    assert str(error) == text


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ArchiveError, 1), (SetupError, 1), (Usage, 2), (UnknownSite, 2), (NotFetched, 10), (CollectionLocked, 11), (WriteFailed, 12),
        (Damaged, 13), (NotAWarc, 13),
    ],
)  # fmt: skip
def test_exit_codes_are_those_of_the_contract(kind: type[ArchiveError], code: int) -> None:
    assert kind.exit_code == code


def test_codes_have_names_and_no_two_are_one() -> None:
    codes = {name: value for name, value in vars(errors).items() if name.startswith("EXIT_")}
    assert sorted(codes.values()) == [0, 1, 2, 10, 11, 12, 13, 14, 15]


def test_the_tree_that_is_drawn_is_the_tree() -> None:
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    made = [name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, ArchiveError) and kind is not ArchiveError]
    assert set(drawn) == set(made)


def test_errors_carry_data() -> None:
    damaged = Damaged(PATH, 512, "digest differs")
    assert (damaged.path, damaged.offset, damaged.what) == (PATH, 512, "digest differs")
    unknown = UnknownSite("x", ["a"])
    assert (unknown.name, unknown.known) == ("x", ["a"])
    locked = CollectionLocked(PATH, "process 12")
    assert (locked.path, locked.holder) == (PATH, "process 12")
    failed = FetchFailed("status", "404", answer=True)
    assert (failed.reason, failed.detail, failed.answer, failed.exchange, failed.meta) == ("status", "404", True, None, {})


@pytest.mark.parametrize("kind", [Unreadable, OutOfFiles, NotFetched, SetupError])
def test_plain_errors_say_what_they_are_given(kind: type[ArchiveError]) -> None:
    assert str(kind("page 7")) == "page 7"
    assert issubclass(kind, ArchiveError)


def test_sets_of_reasons_are_of_known_ones() -> None:
    assert set(REASONS) >= HOST_REASONS | GONE_REASONS | LASTING_REASONS | POLICY_REASONS
    assert len(set(REASONS)) == len(REASONS)
    assert not HOST_REASONS & (LASTING_REASONS | POLICY_REASONS), "a host is not blamed for what it would only repeat, nor for our refusal"
    assert not POLICY_REASONS & (GONE_REASONS | LASTING_REASONS)


def test_every_reason_that_is_raised_is_a_known_one() -> None:
    unknown = []
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "FetchFailed" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and first.value not in REASONS:
                    unknown.append(f"{path.name}:{node.lineno}: {first.value}")
    assert not unknown


@pytest.mark.parametrize(
    ("error", "detail"),
    [(KeyError("body"), "KeyError: 'body'"), (ValueError("x" * 500), f"ValueError: {'x' * 188}"), (None, "NoneType: None"), (KeyboardInterrupt(), "KeyboardInterrupt: ")],
)
def test_a_fault_of_our_own_is_a_failed_attempt(error: BaseException | None, detail: str) -> None:
    failed = unforeseen(error)
    assert (failed.reason, failed.detail) == ("limit", detail)
