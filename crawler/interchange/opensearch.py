"""Versions for OpenSearch: an index's mapping, and bulk requests of NDJSON in parts.

The id of a document follows from story and text, so that what is loaded again replaces what is there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crawler import __version__, clock
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.interchange.articles import Exported, articles, unread_note
from crawler.subsets.outcome import Outcome, Tell
from crawler.subsets.selection import Selection

MAPPING = "index.json"
PART_BYTES = 50_000_000
"""Of one bulk request: half of what a node takes by default."""
_ID_BYTES = 512
_ID_DIGITS = 16
_FOLDED = {"type": "text", "analyzer": "folded"}
_WORD = {"type": "keyword", "ignore_above": 1024}
_NAMES = {**_FOLDED, "fields": {"exact": _WORD}}
_DATE = {"type": "date", "format": "strict_date_optional_time", "ignore_malformed": True}
STEMMED = {
    "ar": "arabic", "bg": "bulgarian", "bn": "bengali", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "gl": "galician", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "ja": "cjk", "ko": "cjk",
    "lt": "lithuanian", "lv": "latvian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sv": "swedish", "th": "thai", "tr": "turkish", "zh": "cjk",
}  # fmt: skip
"""Languages to the analyzers that every node has for them."""


def index_document() -> dict[str, Any]:
    """Settings and mapping of the index, as its request takes them."""
    fields: dict[str, Any] = {
        "story": _WORD, "version": {"type": "integer"}, "newest": {"type": "boolean"}, "site": _WORD, "lang": _WORD, "section": _NAMES,
        "headline": _FOLDED, "deck": _FOLDED, "body": _FOLDED, "captions": _FOLDED, "credits": _NAMES, "agencies": _WORD, "authors": _NAMES,
        "tags": _WORD, "published": _DATE, "modified": _DATE, "first_seen": _DATE, "last_seen": _DATE, "url": _WORD, "canonical_url": _WORD,
        "host": _WORD, "text_digest": _WORD, "record_id": _WORD, "warc_filename": _WORD, "warc_record_offset": {"type": "long"},
        "warc_record_length": {"type": "long"}, "pictures": {"type": "object", "enabled": False},
        "stemmed": {"properties": {language: {"type": "text", "analyzer": name} for language, name in STEMMED.items()}},
    }  # fmt: skip
    folded = {"type": "custom", "tokenizer": "standard", "filter": ["cjk_width", "lowercase", "asciifolding", "cjk_bigram"]}
    return {
        "settings": {"analysis": {"analyzer": {"folded": folded}}},
        "mappings": {"dynamic": "strict", "_source": {"excludes": ["stemmed"]}, "properties": fields},
    }


def write_opensearch(
    folder: Path, index: Index, selection: Selection, outcome: Outcome, tell: Tell, *, collection: str, part_bytes: int = PART_BYTES
) -> None:  # fmt: skip
    """Write mapping and bulk requests into a folder, one document a version."""
    (folder / MAPPING).write_text(json.dumps(index_document(), indent=1) + "\n", "utf-8")
    for number, part in enumerate(_parts(_requests(index, selection, outcome, tell), part_bytes), 1):
        with (folder / f"bulk-{number:05}.ndjson").open("wb") as out:
            out.writelines(part)
        outcome.counts["parts"] = number
    outcome.notes += unread_note(index, selection)
    about = {
        "software": f"news-archive-crawler/{__version__}", "created": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}", "collection": collection,
        "selection": selection.words, "counts": dict(outcome.counts),
    }  # fmt: skip
    (folder / "export.json").write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _requests(index: Index, selection: Selection, outcome: Outcome, tell: Tell) -> Iterator[bytes]:
    """Yield action and document of each version, two lines."""
    for one, share in articles(index, selection):
        outcome.counts["articles"] += 1
        tell("articles", outcome.counts["articles"], share)
        yield _line({"index": {"_id": document_id(one)}}) + _line(document(one))


def _parts(requests: Iterator[bytes], most: int) -> Iterator[Iterator[bytes]]:
    """Split requests into parts; each is to be read to its end before the next."""
    ahead = next(requests, None)

    def part(first: bytes) -> Iterator[bytes]:
        nonlocal ahead
        size, ahead = 0, first
        while ahead is not None and (not size or size + len(ahead) <= most):
            size += len(ahead)
            yield ahead
            ahead = next(requests, None)

    while ahead is not None:
        yield part(ahead)


def _line(values: dict[str, Any]) -> bytes:
    # ASCII escapes keep line separators of other scripts from breaking a line.
    return json.dumps(values, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def document_id(one: Exported) -> str:
    """Id of a version by its story and text, of at most 512 bytes."""
    digits = one.version.text_digest.removeprefix("sha256:")[:_ID_DIGITS]
    story = one.version.story
    if len(story.encode()) + 1 + _ID_DIGITS > _ID_BYTES:
        story = f"sha256:{hashlib.sha256(story.encode()).hexdigest()}"
    return f"{story}#{digits}"


def document(one: Exported) -> dict[str, Any]:
    """One version as a document of the mapping; fields without a value are left out."""
    version, article, capture = one.version, one.version.article, one.capture
    language = (article.language or "").lower()
    values: dict[str, Any] = {
        "story": version.story, "version": version.n, "newest": one.newest, "site": version.story.partition("/")[0], "lang": language,
        "section": article.section, "headline": article.headline, "deck": article.deck, "body": article.body,
        "authors": article.authors, "tags": article.tags,
        "published": article.published, "modified": article.modified, "first_seen": iso(version.first_seen),
        "last_seen": iso(version.last_seen), "url": capture["url"], "canonical_url": article.canonical_url, "host": capture["host"],
        "text_digest": version.text_digest, "record_id": capture["record_id"], "warc_filename": capture["warc"],
        "warc_record_offset": capture["offset"], "warc_record_length": capture["length"], **_of_pictures(one),
    }  # fmt: skip
    base = language.partition("-")[0]
    if base in STEMMED:
        values["stemmed"] = {base: "\n".join(text for text in (article.headline, article.deck, article.body) if text)}
    return {name: value for name, value in values.items() if value not in (None, "", [], ())}


def _of_pictures(one: Exported) -> dict[str, Any]:
    images = one.version.article.images
    return {
        "captions": [image.caption for image in images if image.caption],
        "credits": [image.credit for image in images if image.credit],
        "agencies": sorted({image.agency for image in images if image.agency}),
        "pictures": [
            {"url": image.url, "caption": image.caption, "credit": image.credit, "record_id": record_id}
            for image, record_id in zip(images, one.pictures, strict=True)
        ],
    }
