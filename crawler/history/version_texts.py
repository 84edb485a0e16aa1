"""Texts of versions by name, and what changed from one version to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.history.sentence_diff import Piece, sentence_diff

if TYPE_CHECKING:
    from crawler.items import Version


def texts_of(version: Version) -> dict[str, str]:
    """The texts of a version that count, by name."""
    article = version.article
    return {
        "headline": article.headline or "",
        "deck": article.deck or "",
        "body": article.body,
        "captions": "\n".join(i.caption for i in article.images if i.caption),
        "credits": "\n".join(i.credit for i in article.images if i.credit),
        "embeds": article.embeds,
    }


def changed(older: Version, newer: Version, names: tuple[str, ...] | None = None) -> dict[str, list[Piece]]:
    """Compare two versions: the difference of each text that differs.

    Args:
        names: Compare only these texts.
    """
    old, new = texts_of(older), texts_of(newer)
    return {name: sentence_diff(old[name], new[name]) for name in names or old if old[name] != new[name]}
