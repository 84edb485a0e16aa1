"""Addresses of the pages of one collection, and which outer addresses may be linked."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

from attrs import frozen

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def encoded(text: str) -> str:
    """Encode a name as Datasette does in paths.

    Nothing is left but letters, digits, `_`, `-`, `~` and `+`.

    >>> encoded("a/b.c"), decoded(encoded("a/b.c"))
    ('a~2Fb~2Ec', 'a/b.c')
    """
    return "".join(chr(byte) if byte in _PLAIN else "+" if byte == 32 else f"~{byte:02X}" for byte in text.encode("utf-8", "replace"))


def decoded(text: str) -> str:
    """Decode a name out of a path, also one with percent signs."""
    from urllib.parse import unquote_plus

    return unquote_plus(text.replace("~", "%"))


def outer(url: str | None) -> str | None:
    """An original address if a page may link it: http or https with a host.

    >>> outer("https://www.presstv.co.uk/a"), outer("javascript:alert(1)"), outer(" JavaScript:x"), outer(None)
    ('https://www.presstv.co.uk/a', None, None, None)
    """
    try:
        parts = urlsplit(url or "")
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (url or "").lower().startswith(("http://", "https://"))
    except ValueError:
        return None
    return quote(url or "", safe="%/:?#[]@!$&'()*+,;=~") if good else None


def address_with(path: str, args: Mapping[str, str], name: str, value: object) -> str:
    """The same address with one argument changed.

    >>> address_with("/a", {"v": "1"}, "page", 2)
    '/a?v=1&page=2'
    """
    return f"{path}?{urlencode({**args, name: value}, errors='replace')}"


@frozen
class Addresses:
    """Addresses of the pages of one collection; relative to the server's root."""

    base: str
    """`/presstv`: where Datasette has the database."""

    def page(self, name: str, /, **args: object) -> str:
        """A page by its name; arguments that are None are left out."""
        given = {key: value for key, value in args.items() if value is not None}
        return f"{self.base}/-/{name}" + (f"?{urlencode(given, errors='replace')}" if given else "")

    def front(self) -> str:
        """The front page."""
        return self.page("front")

    def story(self, story_id: str, **args: object) -> str:
        """The page of a story; `v=2` for a version."""
        site, slash, number = story_id.partition("/")
        return self.page(f"story/{encoded(site)}{slash}{encoded(number)}", **args)

    def picture(self, record_id: str) -> str:
        """An archived picture, by the record that holds it."""
        return self.page(f"picture/{encoded(record_id)}")

    def record(self, record_id: str) -> str:
        """The bytes of a WARC record."""
        return self.page(f"record/{encoded(record_id)}")

    def proof(self, record_id: str) -> str:
        """The proof sheet of a capture."""
        return self.page(f"proof/{encoded(record_id)}")

    def table(self, name: str, /, **args: object) -> str:
        """A table as Datasette shows it."""
        given = {key: value for key, value in args.items() if value is not None}
        return f"{self.base}/{encoded(name)}" + (f"?{urlencode(given)}" if given else "")
