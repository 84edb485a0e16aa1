"""The charsets that a page is given: by HTTP header, by `meta`, by XML declaration.

Source: HTML Standard 13.2.3.2 (prescan a byte stream to determine its encoding), and what its tree builder makes of later `meta`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler.items import Headers
from crawler.parsers.encoding.charset_labels import codec_of

HEAD_BYTES = 1024 * 1024
"""How far a `meta` that names the charset is looked for. Browsers look at 1024 bytes, and begin anew when one comes later."""
MAX_TAGS = 3000
MAX_TAG_BYTES = 8192

_HEADER_VALUE = re.compile(r"""(?:[^",]|"(?:[^"\\]|\\.)*"?)+""")
_PARAMETER = re.compile(r"""(?:^|[;\s])([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|'[^']*'|[^\s;]*)""")
_XML_CHARSET = re.compile(rb"""\s*<\?xml[^>]{0,100}?\bencoding\s*=\s*["']\s*([\w.:-]{2,40})""", re.IGNORECASE)
_TAG = re.compile(
    rb"<(?:(!--)|(meta)(?=[\t\n\f\r />])|(script|style|title|textarea|template|xmp|iframe|noembed|noframes)(?=[\t\n\f\r />])|"
    rb"(?P<end>plaintext)(?=[\t\n\f\r />])|/?[a-z]|[!?/])",
    re.IGNORECASE,
)
_NAME_END = re.compile(rb"[^\t\n\f\r >]*")
_ATTRIBUTE = re.compile(
    rb"""[\t\n\f\r /]*+([^\t\n\f\r />][^\t\n\f\r />=]*+)"""
    rb"""(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"([^"]*+)"|'([^']*+)'|(?=["'])(?P<open>)|([^\t\n\f\r >]*+)))?"""
)
_CLOSE = re.compile(rb"[\t\n\f\r /]*+>")
_CONTENT_CHARSET = re.compile(
    rb"""charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|(?!["'])([^\t\n\f\r ;]+))?""", re.IGNORECASE
)  # fmt: skip


def declared(data: bytes, headers: Sequence[tuple[str, str]]) -> list[str]:
    """Codecs of the labels that the page is given, best first, unknown ones left out.

    Of several Content-Types the last is the best; a `meta` goes before an XML declaration, but not in what is sent as XML.
    """
    types = [part for value in Headers(headers).all("content-type") for part in _HEADER_VALUE.findall(value)]
    parameters = (found for part in reversed(types) for found in _PARAMETER.findall(part))
    told = [codec_of(value.strip("\"' ")) for name, value in parameters if name.lower() == "charset"]
    inside = [_xml_codec(data), _meta_codec(data)]
    if not any("xml" in part.partition(";")[0].lower() for part in types):
        inside.reverse()
    return list(dict.fromkeys(filter(None, (*told, *inside))))


def _xml_codec(data: bytes) -> str | None:
    found = _XML_CHARSET.match(data[:1024])
    return _inner(found[1]) if found else None


def _meta_codec(data: bytes) -> str | None:
    head = data[:HEAD_BYTES]
    if not re.search(rb"charset", head, re.IGNORECASE):
        return None
    return next(filter(None, map(_inner, _meta_labels(head))), None)


def _inner(label: bytes) -> str | None:
    """The codec of a label inside the page: no UTF-16, since it was readable."""
    codec = codec_of(label.decode("ascii", "replace"))
    return "utf-8" if codec is not None and codec.startswith("utf-16") else codec


def _meta_labels(data: bytes) -> Iterator[bytes]:
    """Charset labels of `meta` elements.

    What stands in comments, in attributes, and in elements that hold text alone is none.
    """
    at = 0
    for _ in range(MAX_TAGS):
        tag = _TAG.search(data, at)
        if tag is None or tag["end"]:
            return
        if tag[1]:
            at = _behind(data, re.compile(rb"--!?>"), tag.end() - 2)
            continue
        if data[tag.end() - 1 : tag.end()] in (b"!", b"?", b"/"):
            at = _behind(data, re.compile(rb">"), tag.end())
            continue
        name = _NAME_END.match(data, tag.end())
        attributes, end = _attributes(data, name.end() if name and not tag[2] else tag.end())
        # A quote that nothing closes: what stands behind the name is looked at by itself.
        at = end or tag.end()
        if tag[2] and end and (label := _label(attributes)):
            yield label
        elif tag[3]:
            at = _behind(data, re.compile(rb"</" + tag[3] + rb"(?=[\t\n\f\r />])", re.IGNORECASE), at)


def _attributes(data: bytes, at: int) -> tuple[dict[bytes, bytes], int | None]:
    """Attributes of a tag and its end; None for a tag without an end."""
    values: dict[bytes, bytes] = {}
    bound = at + MAX_TAG_BYTES
    while found := _ATTRIBUTE.match(data, at, bound):
        if found["open"] is not None:
            return values, None
        values.setdefault(found[1].lower(), found[2] or found[3] or found[5] or b"")
        at = found.end()
    close = _CLOSE.match(data, at)
    return values, close.end() if close else None


def _label(attributes: dict[bytes, bytes]) -> bytes | None:
    """The label that a `meta` names; an attribute `charset` goes before `content`, whatever it says."""
    if b"charset" in attributes:
        return attributes[b"charset"]
    if attributes.get(b"http-equiv", b"").lower() != b"content-type":
        return None
    found = _CONTENT_CHARSET.search(attributes.get(b"content", b""))
    return (found[1] or found[2] or found[3]) if found else None


def _behind(data: bytes, mark: re.Pattern[bytes], at: int) -> int:
    found = mark.search(data, at)
    return found.end() if found else len(data)
