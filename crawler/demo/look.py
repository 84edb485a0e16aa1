"""Style sheets, script and background pictures of The Harbour Courier."""

from __future__ import annotations

import math
from functools import cache

from crawler.demo.images import png

FOLDER = "/look/"

_MAIN = """@charset "utf-8";
@import "type.css";
@import url(print.css) print;
body { color: #222; background: #faf8f3 url("paper.png"); margin: 0 }
.wrap { max-width: 46rem; margin: 0 auto; padding: 0 1rem }
header { border-bottom: 3px double #345; margin-bottom: 1.5rem; background: url(wave\\.svg) right bottom no-repeat }
header a { color: #345; text-decoration: none }
nav a { margin-right: 1rem }
nav a.here { border-bottom: 2px solid #345 }
figure, .picture { margin: 1.2rem 0 }
img { max-width: 100%; display: block }
blockquote { border-left: 3px solid #9ab; margin-left: 0; padding-left: 1rem }
aside, .also { background: #eef1f3; padding: .6rem 1rem }
.teaser { border-bottom: 1px solid #dde; padding: .6rem 0 }
footer { margin-top: 3rem; border-top: 1px solid #ccd }
"""
_TYPE = """/* The house type, and no other: the letters were cast in Port Merrow and are not for sale. */
body { font: 17px/1.55 Georgia, serif }
.masthead { font-size: 2rem; font-weight: bold }
nav a { font-variant: small-caps }
h1, .title { line-height: 1.15 }
figcaption, .cap { font-size: .85rem; color: #555 }
.credit { color: #888 }
.standfirst, .summary { font-size: 1.15rem; color: #444 }
blockquote { font-style: italic }
footer { font-size: .8rem; color: #777 }
"""
_PRINT = "header, nav, footer, aside { display: none }\n"
_SECTION = """// Underlines the section of the story in the menu.
var shown = document.querySelector(".crumbs a:last-child, .trail a");
document.querySelectorAll("nav a").forEach(function (link) {
  if (shown && link.getAttribute("href") === shown.getAttribute("href")) link.className = "here";
});
"""
_WAVE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="24" viewBox="0 0 160 24"><path fill="none" stroke="#9ab" stroke-width="2"'
    ' d="M0 16q10-12 20 0t20 0 20 0 20 0 20 0 20 0 20 0 20 0"/></svg>\n'
)


@cache
def files() -> dict[str, tuple[bytes, str]]:
    """The files by path: bytes and media type."""
    css, texts = "text/css", {"courier.css": _MAIN, "type.css": _TYPE, "print.css": _PRINT, "section.js": _SECTION, "wave.svg": _WAVE}
    mimes = {"section.js": "text/javascript", "wave.svg": "image/svg+xml"}
    made = {name: (text.encode(), mimes.get(name, css)) for name, text in texts.items()}
    made["paper.png"] = png(_paper, 32, 32), "image/png"
    made["icon.png"] = png(_anchor, 16, 16), "image/png"
    return {FOLDER + name: file for name, file in made.items()}


def _paper(x: float, y: float) -> tuple[float, float, float]:
    grain = 2 * math.sin(40 * x + 7 * math.sin(23 * y)) + math.sin(61 * y)
    return 249 + grain, 247 + grain, 242 + grain


def _anchor(x: float, y: float) -> tuple[float, float, float]:
    inside = abs(x - 0.5) < 0.1 or 0.3 < math.hypot(x - 0.5, y - 0.5) < 0.45
    return (51, 68, 85) if inside else (250, 248, 243)
