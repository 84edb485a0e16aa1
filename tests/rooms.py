"""Type of the fixture that makes reading rooms."""

from collections.abc import Callable
from typing import Any

Room = Callable[..., Any]
