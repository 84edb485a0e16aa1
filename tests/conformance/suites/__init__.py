"""Readers of public test suites, a module each, and the words they share. The suites themselves are not in this repository.

A module here is found by `run.py`. It holds `CHECKOUT` (the folder of the suite, owner+name) and
`def cases(checkout: Path) -> Iterator[Case]`. A module that reads several suites holds `SUITES`, a dict of such functions by checkout.
"""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["right", "wrong", "refused"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case of a suite and how we did.

    verdict: `refused` is an answer that differs by a rule of ours which the documents state; `note` then names the rule.
    group: what of the suite it belongs to (a file, a kind), for the table.
    """

    group: str
    name: str
    verdict: Verdict
    note: str = ""


def judged(group: str, name: str, wanted: object, got: object, *, rule: str = "") -> Case:
    """Compare; a difference with a `rule` is refused, without one it is wrong."""
    if wanted == got:
        return Case(group=group, name=name, verdict="right")
    return Case(group=group, name=name, verdict="refused" if rule else "wrong", note=rule or f"wanted {wanted!r}, got {got!r}")
