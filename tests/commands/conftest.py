"""Commands typed in this very process."""

from typed_commands import Answer, Typed, typed

__all__ = ["Answer", "Typed", "typed"]
