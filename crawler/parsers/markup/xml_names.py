"""Names of XML elements and attributes, with their namespaces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from lxml import etree

XML_SPACE = "http://www.w3.org/XML/1998/namespace"
XML_BASE = f"{{{XML_SPACE}}}base"
_SPACE = re.compile(r"https?://[a-z0-9.-]+/[a-z0-9/._-]*#?", re.IGNORECASE | re.ASCII)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


@lru_cache(maxsize=1024)
def _split(tag: str) -> tuple[str, str]:
    space, found, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    prefix, _, name = name.rpartition(":")
    return (space if found else prefix), name.lower()


def split(element: etree._Element) -> tuple[str, str]:
    """The namespace of an element, or its undeclared prefix, and its lower-case name.

    Empty for comments and the like.
    """
    tag = element.tag
    return _split(tag) if isinstance(tag, str) else ("", "")


def local(element: etree._Element) -> str:
    """The lower-case name of an element without namespace; empty for comments."""
    return split(element)[1]


def attribute(element: etree._Element, name: str, otherwise: str = "") -> str:
    """The value of an attribute, whose case does not count."""
    value = element.get(name)
    if value is None:
        value = next((value for key, value in element.items() if key.lower() == name), otherwise)
    return str(value)


def bases_of(element: etree._Element) -> list[str]:
    """The `xml:base` that apply to an element, the outermost first."""
    return [base for one in (element, *element.iterancestors()) if (base := one.get(XML_BASE))][::-1]


def qualified(name: str, spaces: Mapping[str, str], default: str | None) -> str:
    """A name with its namespace; an undeclared prefix stands for itself."""
    prefix, _, local = name.partition(":")
    local = local.replace(":", "_").lstrip(".-0123456789")
    if not local:
        return f"{{{_safe(default)}}}{prefix}" if default else prefix
    space = XML_SPACE if prefix == "xml" else spaces.get(prefix) or prefix
    return f"{{{_safe(space)}}}{local}"


def _safe(space: str) -> str:
    """A namespace that lxml takes."""
    return space if _SPACE.fullmatch(space) else _UNSAFE.sub("_", space)


def local_of(name: str) -> str:
    """A name as written, without its prefix."""
    return name.rpartition(":")[2]


def same_prefix(name: str, other: str) -> bool:
    """Test two names as written for the same prefix."""
    return name.rpartition(":")[0] == other.rpartition(":")[0]
