"""Regular expressions that are compiled at their first use."""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn", "pattern", "flags", "groups", "groupindex")


class _Later:
    """A pattern; once it is compiled its methods are those of the compiled one."""

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        """Compile, at the first method that is asked for."""
        if name not in _METHODS:
            raise AttributeError(f"a pattern has no attribute {name!r}")
        compiled = re.compile(self._text, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def later(text: str, flags: int = 0) -> re.Pattern[str]:
    """Make a pattern that is compiled at its first use.

    For one that takes a millisecond and that not every command needs.
    Only its own methods can be called: `re.search` takes no such pattern.
    """
    return cast("re.Pattern[str]", _Later(text, flags))
