"""Commands typed in this very process."""

from typed_commands import typed

__all__ = ["typed"]
