"""Values about a target made from flat fields, for tests that change one field of many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import evolve, fields

from crawler.items import FrontierRequest, Target, Targeted

Made = TypeVar("Made", bound=Targeted)
FIELDS = {field.name for field in fields(Target)}


def made(kind: type[Made], values: Mapping[str, Any]) -> Made:
    """Make a value of a kind, those of `values` that are a target's in its target."""
    return kind(target=Target(**{k: v for k, v in values.items() if k in FIELDS}), **{k: v for k, v in values.items() if k not in FIELDS})


def with_target(value: Made, **changes: Any) -> Made:
    """Return a value with other fields of its target."""
    return evolve(value, target=evolve(value.target, **changes))


def page_request(n: int, on: str = "a.example", **more: Any) -> FrontierRequest:
    """A request for the n-th page of a host."""
    return made(FrontierRequest, {"key": f"k{n}", "url": f"https://{on}/{n}", "site": "web", "role": "page"} | more)
