"""Named rules for a field, asked in order, and the trace of their answers.

A rule is a function that returns its answer, or None if it has nothing to say. Its name is the function's, with blanks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, ParamSpec, TypeVar

from attrs import define, field, frozen

P = ParamSpec("P")
T = TypeVar("T")
V = TypeVar("V")
C = TypeVar("C")


@frozen(kw_only=True)
class Asked:
    """The answers of the rules of one field."""

    reader: str
    """`generic`, or the name of the template."""
    field: str
    about: str | None = None
    """Address of the picture the field belongs to, or None for a field of the article."""
    won: str | None = None
    """Name of the rule whose answer was taken, or None if none was."""
    said: tuple[tuple[str, Any], ...] = ()
    """Rule and answer of those that spoke, in the order they are asked."""
    silent: tuple[str, ...] = ()


@define
class Trace:
    """The answers of all rules during one parse, collected for `scrapy read --explain`."""

    reader: str = "generic"
    about: str | None = None
    """Address of the picture that is being read, or None."""
    asked: list[Asked] = field(factory=list)

    def note(self, name: str, won: str | None, said: Sequence[tuple[str, Any]] = (), silent: Sequence[str] = ()) -> None:
        """Note the answers for a field of the article, or of the current picture."""
        self.asked.append(
            Asked(reader=self.reader, field=name, about=self.about, won=won, said=tuple(said), silent=tuple(dict.fromkeys(silent)))
        )


def name_of(rule: Callable[..., Any]) -> str:
    """The name of a rule.

    >>> def by_last_line(): ...
    >>> name_of(by_last_line)
    'by last line'
    """
    return rule.__name__.strip("_").replace("_", " ")


class Rules(Generic[P, T]):
    """The rules of one field; the first that speaks wins."""

    def __init__(self, field: str, *rules: Callable[P, T | None]) -> None:
        self.field = field
        self.rules = tuple((name_of(rule), rule) for rule in rules)

    def first(self, trace: Trace | None, /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, str] | None:
        """Return the first answer and its rule's name, or None if no rule speaks.

        Args:
            trace: If given, the rules behind the winner are asked too, and all answers noted.
        """
        return self.named(*args, **kwargs) if trace is None else self._noted(trace, *args, **kwargs)

    def named(self, *args: P.args, **kwargs: P.kwargs) -> tuple[T, str] | None:
        """Return the first answer and the name of its rule without a note of it."""
        for name, rule in self.rules:
            answer = rule(*args, **kwargs)
            if answer is not None:
                return answer, name
        return None

    def answer(self, *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return the first answer, or None if no rule speaks."""
        found = self.named(*args, **kwargs)
        return found[0] if found else None

    def _noted(self, trace: Trace, *args: P.args, **kwargs: P.kwargs) -> tuple[T, str] | None:
        said = [(name, answer) for name, rule in self.rules if (answer := rule(*args, **kwargs)) is not None]
        spoke = {name for name, _ in said}
        trace.note(self.field, said[0][0] if said else None, said, [name for name, _ in self.rules if name not in spoke])
        return (said[0][1], said[0][0]) if said else None


class Steps(Generic[V, C]):
    """The steps that correct a value in turn; each returns the value, changed or not."""

    def __init__(self, field: str, *steps: Callable[[V, C], V]) -> None:
        self.field = field
        self.steps = tuple((name_of(step), step) for step in steps)

    def applied(self, trace: Trace | None, value: V, context: C) -> V:
        """Return the value after all steps; a trace is told each step that changed it."""
        for name, step in self.steps:
            before, value = value, step(value, context)
            if trace is not None and value != before:
                trace.note(self.field, name, [(name, value)])
        return value
