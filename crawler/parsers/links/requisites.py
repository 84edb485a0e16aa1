"""Addresses, style sheets and scripts that a page names to be shown with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from attrs import frozen
from lxml import etree

from crawler.parsers.document.page import Page
from crawler.parsers.links.page_links import elements_of, words_in
from crawler.parsers.picture_urls.srcset import holds_srcset, srcset

NamedKind = Literal["style", "script", "font", "picture", "icon", "manifest", "film", "css", "declarations", "module", "import map"]
"""Kinds of addresses; of texts the last four: a style sheet, a `style` attribute, a script of modules, their map."""

MAX_STYLE_CHARACTERS = 500_000
"""Of a style sheet within a page."""
_ICONS = frozenset({"icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon", "fluid-icon"})
_PRELOADED: dict[str, NamedKind] = {"style": "style", "script": "script", "font": "font", "image": "picture"}
_PICTURE_ATTRIBUTES = (
    "src", "data-src", "data-original", "data-lazy-src", "data-lazy", "data-hi-res-src", "data-image-src", "data-fallback-src",
)  # fmt: skip
_BACKGROUNDS = frozenset({"background", "data-bg", "data-background", "data-background-image", "data-bg-image"})
"""Attributes of any element that hold the address of its background, scripts' own included."""
_SCRIPT_TYPES = frozenset(
    ("", "module", "text/javascript", "application/javascript", "text/ecmascript", "application/ecmascript", "text/jscript",
     "application/x-javascript", "text/x-javascript", "text/javascript1.5")
)  # fmt: skip
_PICTURE_ENDINGS = (".svg", ".png", ".gif", ".jpg", ".jpeg", ".webp", ".avif")


@frozen
class Named:
    """One thing that a page names to be shown with."""

    kind: NamedKind
    text: str
    """The address as written, or the text of a style sheet or script."""
    speck: bool = False
    """Of a picture: whether it is at most a pixel wide and high."""
    fallback: bool = False
    """Whether only readers without scripts get it."""
    late: bool = False
    """Of a script: whether the page is shown without waiting for it."""


def named_requisites(page: Page) -> Iterator[Named]:
    """Yield what a page names to be shown with; never raises.

    Other pages in frames are none of it.
    """
    for element in elements_of(page):
        if (of_tag := _BY_TAG.get(element.tag)) is not None:
            yield from of_tag(element)
        for name, value in element.items():
            if name == "style":
                if "(" in value:
                    yield Named("declarations", value[:MAX_STYLE_CHARACTERS])
            elif name in _BACKGROUNDS:
                yield from _of_background(value)
            elif name.endswith("srcset") and (holds_srcset(name) or name == "imagesrcset"):
                speck, fallback = _is_speck(element), _is_fallback(element)
                yield from (Named("picture", address, speck, fallback) for address in srcset(value))


def _of_link(element: etree._Element) -> Iterator[Named]:
    rel, href = words_in(element, "rel"), element.get("href") or ""
    if "stylesheet" in rel:
        if _media_type(element) in ("", "text/css"):
            yield Named("style", href)
    elif _ICONS & rel:
        yield Named("icon", href)
    elif "manifest" in rel:
        yield Named("manifest", href)
    elif "modulepreload" in rel:
        yield Named("script", href)
    elif "preload" in rel and (kind := _PRELOADED.get((element.get("as") or "").strip().lower())):
        yield Named(kind, href, late=kind == "script")


def _of_script(element: etree._Element) -> Iterator[Named]:
    kind, src = _media_type(element), element.get("src")
    if kind == "importmap":
        yield Named("import map", (element.text or "")[:MAX_STYLE_CHARACTERS])
    elif kind not in _SCRIPT_TYPES:
        return
    elif src is not None:
        yield Named("script", src, late=element.get("async") is not None and element.get("integrity") is None)
    elif kind == "module":
        yield Named("module", (element.text or "")[:MAX_STYLE_CHARACTERS])


def _of_style(element: etree._Element) -> Iterator[Named]:
    if _media_type(element) in ("", "text/css") and element.text:
        yield Named("css", element.text[:MAX_STYLE_CHARACTERS])


def _of_picture(element: etree._Element) -> Iterator[Named]:
    found = [value for name in _PICTURE_ATTRIBUTES if (value := element.get(name))]
    if found:
        speck, fallback = _is_speck(element), _is_fallback(element)
        yield from (Named("picture", value, speck, fallback) for value in found)


def _of_source(element: etree._Element) -> Iterator[Named]:
    parent = element.getparent()
    if parent is not None and parent.tag in _FILMS:
        yield from (Named("film", value) for name in ("src", "data-src") if (value := element.get(name)))
    else:
        yield from _of_picture(element)


def _of_film(element: etree._Element) -> Iterator[Named]:
    yield from (Named("picture", value) for name in ("poster", "data-poster") if (value := element.get(name)))
    yield from (Named("film", value) for name in ("src", "data-src") if (value := element.get(name)))


def _of_input(element: etree._Element) -> Iterator[Named]:
    if (element.get("type") or "").strip().lower() == "image":
        yield from _of_picture(element)


def _of_object(element: etree._Element) -> Iterator[Named]:
    """A picture in an `object` or `embed`; other documents are frames."""
    address = (element.get("data" if element.tag == "object" else "src") or "").strip()
    path = address.partition("#")[0].partition("?")[0].lower()
    if _media_type(element).startswith("image/") or (not _media_type(element) and path.endswith(_PICTURE_ENDINGS)):
        yield Named("picture", address)


def _of_drawing(element: etree._Element) -> Iterator[Named]:
    """The picture or symbol that a drawing takes from another file."""
    address = (element.get("href") or element.get("xlink:href") or "").strip()
    if address and not address.startswith("#"):
        yield Named("picture", address)


def _of_background(value: str) -> Iterator[Named]:
    if "url(" in value.lower():
        yield Named("declarations", f"background:{value[:MAX_STYLE_CHARACTERS]}")
    else:
        yield Named("picture", value)


def _media_type(element: etree._Element) -> str:
    return (element.get("type") or "").partition(";")[0].strip().lower()


def _is_fallback(element: etree._Element) -> bool:
    return next(element.iterancestors("noscript"), None) is not None


def _is_speck(element: etree._Element) -> bool:
    return all(_pixels(element, name) in ("0", "1") for name in ("width", "height"))


def _pixels(element: etree._Element, name: str) -> str | None:
    """A length of a picture in pixels, by its attribute or its style; None without."""
    written: str | None = element.get(name)
    if written:
        return written.strip().removesuffix("px")
    for declaration in (element.get("style") or "").lower().split(";"):
        key, _, value = declaration.partition(":")
        if key.strip() == name:
            return value.strip().removesuffix("px")
    return None


_FILMS = frozenset({"video", "audio"})
_BY_TAG: dict[object, Callable[[etree._Element], Iterator[Named]]] = {
    "link": _of_link, "script": _of_script, "style": _of_style, "img": _of_picture, "amp-img": _of_picture, "amp-anim": _of_picture,
    "source": _of_source, "video": _of_film, "audio": _of_film, "amp-video": _of_film, "input": _of_input, "object": _of_object,
    "embed": _of_object, "image": _of_drawing, "use": _of_drawing, "feimage": _of_drawing,
}  # fmt: skip
