"""The calls that confine a process, and what is told where the kernel refuses them; made by a libc that only takes notes."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

import pytest

from crawler.workers import landlock, seccomp


class Libc:
    """Answers calls from a list, and keeps their names."""

    def __init__(self, answers: dict[str, list[int]]) -> None:
        self.answers, self.called = answers, list[str]()

    def _answer(self, name: str) -> int:
        self.called.append(name)
        found = self.answers.get(name)
        return found.pop(0) if found else 0

    def syscall(self, number: Any, *arguments: Any) -> int:
        return self._answer("syscall")

    def prctl(self, *arguments: Any) -> int:
        return self._answer("prctl")


@pytest.fixture
def libc(monkeypatch: pytest.MonkeyPatch) -> Libc:
    made = Libc({})
    monkeypatch.setattr(ctypes, "CDLL", lambda *arguments, **more: made)
    monkeypatch.setattr(ctypes, "get_errno", lambda: 1)
    monkeypatch.setattr(sys, "platform", "linux")
    return made


def descriptor() -> int:
    return os.open(os.devnull, os.O_RDONLY)


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6, 7])
def test_landlock_restricts_by_the_version_of_the_kernel(libc: Libc, version: int) -> None:
    ruleset = descriptor()
    libc.answers["syscall"] = [version, ruleset, 0]
    assert landlock.restrict() == (version, None)
    assert libc.called == ["syscall", "syscall", "prctl", "syscall"]
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(ruleset)


def test_what_landlock_refuses_is_told(libc: Libc, monkeypatch: pytest.MonkeyPatch) -> None:
    libc.answers["syscall"] = [-1]
    assert landlock.restrict() == (0, "Landlock: Operation not permitted")
    libc.answers["syscall"] = [4, -1]
    assert landlock.restrict() == (0, "Landlock: Operation not permitted")
    libc.answers["syscall"] = [4, descriptor(), -1]
    assert landlock.restrict() == (0, "Landlock: Operation not permitted")
    libc.answers.update(syscall=[4, descriptor()], prctl=[-1])
    assert landlock.restrict() == (0, "Landlock: Operation not permitted")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock.restrict() == (0, "Landlock: not on darwin")


def test_the_filter_of_system_calls_is_installed_or_its_refusal_told(libc: Libc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "x86_64")
    assert seccomp.filter_calls() is None
    assert libc.called == ["prctl", "prctl"]
    libc.answers["prctl"] = [-1]
    assert seccomp.filter_calls() == "PR_SET_NO_NEW_PRIVS: Operation not permitted"
    libc.answers["prctl"] = [0, -1]
    assert seccomp.filter_calls() == "seccomp: Operation not permitted"
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "m68k")
    assert seccomp.filter_calls() == "no filter of system calls for m68k"
