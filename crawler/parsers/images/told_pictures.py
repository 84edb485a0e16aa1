"""One picture as an object of JSON tells it: address, caption, credit."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from crawler.parsers.credits.credits import plain, split
from crawler.parsers.credits.names import credit_name
from crawler.parsers.document.page import Page
from crawler.parsers.document.structured_data import texts
from crawler.parsers.picture_urls.same_file import names_picture, told_width

_ADDRESS_KEYS = (
    "url", "src", "contentUrl", "original", "full", "large", "hires", "image", "img", "imageUrl", "image_url", "imageURL", "photo",
    "picture", "file", "path", "source", "sizes", "renditions", "crops", "images", "srcset", "medium", "href", "link", "thumb",
)  # fmt: skip
_CAPTION_KEYS = ("caption", "captionText", "legend", "legende", "description", "text", "summary", "subHtml", "alt", "title")
_CREDIT_KEYS = (
    "credit", "credits", "creditText", "creditLine", "byline", "copyright", "copyrightNotice", "copyrightHolder", "photographer", "author",
    "creator", "agency", "owner",
)  # fmt: skip
_TAG = re.compile(r"<[^<>]{0,400}>")


@frozen(kw_only=True)
class ToldPicture:
    """One picture of a gallery as JSON tells it."""

    url: str
    caption: str | None
    credit: str | None


def told_picture(page: Page, item: dict[str, Any]) -> ToldPicture | None:
    """One picture of a list."""
    found = address(item)
    url = page.join(html.unescape(found)) if found else None
    if url is None:
        return None
    said, signed = caption(item)
    return ToldPicture(url=url, caption=said, credit=credit(item) or signed)


def address(item: dict[str, Any], depth: int = 0) -> str | None:
    """The largest address of a picture in an object."""
    found = [url for key in _ADDRESS_KEYS if key in item for url in _addresses(item[key], depth)]
    return max(found, key=lambda url: told_width(url) or 2_000, default=None)


def _addresses(value: Any, depth: int) -> Iterator[str]:
    """The addresses of pictures in a value of an object."""
    if isinstance(value, str):
        if len(value) < 1_000 and " " not in value.strip() and names_picture(value) and re.match(r"https?:|/|[\w.-]+/", value):
            yield value.strip()
    elif isinstance(value, dict) and depth < 3:
        if url := address(value, depth + 1):
            yield url
        else:
            yield from (url for one in list(value.values())[:12] for url in _addresses(one, depth + 1))
    elif isinstance(value, list) and depth < 3:
        yield from (url for one in value[:12] for url in _addresses(one, depth + 1))


def caption(item: dict[str, Any]) -> tuple[str | None, str | None]:
    """Caption and credit in the words of an object."""
    for key in _CAPTION_KEYS:
        line = _text(item.get(key))
        if len(line) > 2 and not line.startswith(("http", "/")):
            found = split(line)
            return found.caption, found.credit
    return None, None


def credit(item: dict[str, Any]) -> str | None:
    """The credit that an object names."""
    for key in _CREDIT_KEYS:
        line = _text(next(iter(texts(item.get(key))), None))
        if line and len(line) < 120 and "://" not in line and (name := credit_name(line)):
            return name
    return None


def _text(value: Any) -> str:
    """A value as a line of text, its mark-up left out."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("plain", "text", "html", "value") if isinstance(value.get(key), str)), None)
    return plain(html.unescape(_TAG.sub(" ", value))) if isinstance(value, str) and len(value) < 4_000 else ""
