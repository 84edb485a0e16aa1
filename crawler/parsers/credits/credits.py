"""Take a printed caption apart into caption and credit by its wording alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from crawler.parsers.credits.credit_words import CAPTION_LABELS
from crawler.parsers.credits.names import KEPT, like_name
from crawler.parsers.credits.shared_labels import shared_words
from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.credits.wordings import PAREN, TAILS, WORDINGS, Split
from crawler.parsers.document.rules import Trace
from crawler.parsers.document.segments import squeeze
from crawler.parsers.patterns import later

MAX_LINE = 3_000
"""A longer text is no caption."""
MAX_BUTTON = 80
"""Characters of the longest name of a button, and more."""
SURE = ("paren-sure", "sign", "label", "suffix", "whole", "signed", "agency")
"""Shapes that leave no doubt, whatever the page's other captions do."""

_BUTTON = re.compile(
    r"\s+(?:close|buy (?:this )?(?:photo|image|print|now)s?|"
    r"(?:order|purchase) (?:a |this )?(?:print|photo|image|reprints?)s?|"
    r"download(?: (?:image|photo))?|"
    r"view (?:full[- ]?size|(?:in |photo )?gallery|image|photo)|"
    r"open (?:image )?in (?:gallery|new tab|full ?screen)|full ?screen|expand(?: image)?|"
    r"\(large preview\)|perbesar|lihat(?: foto)?|selengkapnya|büyüt|powiększ|zvětšit|zväčšiť|увеличить|збільшити|"
    r"放大|查看原图|点击放大|拡大する|확대|크게 ?보기|"
    r"foto kaufen|bild kaufen|comprar foto|acheter (?:la |cette )?photo|koop (?:deze )?foto|köp bild(?:en)?|"
    r"enlarge(?: (?:this )?image)?|zoom|(?:hide|toggle|show) caption|view larger|click to enlarge|×|schließen|vergrößern|"
    r"(?:show|read|see) more|mehr (?:anzeigen|lesen)|visa mer|vis mere?|lees meer|toon meer|ver más|leer más|ver mais|"
    r"voir plus|lire la suite|mostra (?:di più|altro)|więcej|читать далее|показать ещё|"
    r"(?:purchase|acquire) licensing rights(?:,? opens? (?:in )?(?:a )?new tab)?)$",
    re.IGNORECASE,
)
_EDITORS = re.compile(
    r"\s(?:ATTENTION (?:EDITORS|VISUAL EDITORS)\b|EDITORS?['’]? NOTE\b|EDITORS NOTE:|NO RESALES?\b|"
    r"MANDATORY CREDIT\b|TPX IMAGES OF THE DAY|"
    r"THIS (?:IMAGE|PICTURE) (?:HAS BEEN|WAS) (?:SUPPLIED|PROVIDED|PROCESSED)\b|"
    r"NO (?:COMMERCIAL|THIRD PARTY)\b|FOR EDITORIAL USE ONLY\b|"
    r"RESTRICTED TO EDITORIAL USE\b|"
    r"(?:THE )?SATELLITE IMAGE .{0,20}MUST\b|QUALITY FROM SOURCE\b|REFILE\b\s*[-–—])"
)
"""Notes of agencies to editors, in capitals behind a caption."""
_DOUBLED = re.compile(
    r"\bCredit(?=Credit(?:\W|$))|(?<=[a-z]\.)CreditCredit(?=\W)|"
    r"^(?:lihat foto|perbesar|copy link to paste in your message)\s+(?=\S)",
    re.IGNORECASE,
)
"""A label that is printed for readers and again for screen readers, and buttons before a caption."""
_CAPTION_LABEL = later(
    r"^(?:\[?\d+\s?(?:/|of)\s?\d+\]?\s*)?"
    rf"(?:{any_of(w for w in CAPTION_LABELS if ' ' in w)}(?:\s*[,:،，：]\s*|\s(?=(?-i:[^\W\d_a-z]))|(?=(?-i:[A-ZÀ-Þ])))"
    rf"|{any_of(w for w in CAPTION_LABELS if ' ' not in w)}\s*[,:،，：]\s*)?",
    re.IGNORECASE,
)


def plain(raw: str) -> str:
    """Put a caption on one line without its label, number, buttons and notes to editors."""
    line = _DOUBLED.sub("", squeeze(raw))
    if found := _EDITORS.search(line):
        line = line[: found.start()].rstrip(" .-–—/") or line
    # A button stands at the end; at each blank before it the search would begin anew.
    kept = line[:-MAX_BUTTON] + _BUTTON.sub("", line[-MAX_BUTTON:])
    return _CAPTION_LABEL.sub("", kept or line, count=1)


def split(raw: str, *, accepted: frozenset[str] = frozenset(), trace: Trace | None = None) -> Split:
    """Take a printed caption apart.

    Args:
        raw: As printed.
        accepted: Shapes the page's captions voted for; without them only wordings that leave no doubt count.
    """
    if trace is None:
        return _split(raw, accepted)
    line = plain(raw)
    found = WORDINGS.first(trace, line, accepted) if 0 < len(line) <= MAX_LINE else None
    return found[0] if found else Split(caption=line or None)


@lru_cache(maxsize=KEPT)
def _split(raw: str, accepted: frozenset[str]) -> Split:
    """Take a caption apart; kept, since several rules ask for the same text."""
    line = plain(raw)
    found = WORDINGS.answer(line, accepted) if 0 < len(line) <= MAX_LINE else None
    return found or Split(caption=line or None)


def vote(raws: Iterable[str]) -> frozenset[str]:
    """Name the doubtful shapes that are credits on this page.

    A shape is one if it ends at least two captions and half of them all.
    """
    lines = [line for r in raws if (line := squeeze(r)) and len(line) <= MAX_LINE]
    counts = Counter(shape for line in lines if (shape := _doubtful_shape(line)) is not None)
    shapes = frozenset(shape for shape, count in counts.items() if count >= 2 and count * 2 >= len(lines))
    return shapes | shared_words(lines)


def _doubtful_shape(line: str) -> str | None:
    """Name the shape in which a caption ends with a name, or None."""
    for shape, pattern in TAILS:
        if (found := pattern.search(line)) and found.start() and like_name(found["in"]):
            return shape
    return "paren" if (found := PAREN.search(line)) and like_name(found["in"]) else None
