"""Files by which pywb and Datasette know a collection's title and how to show it."""

from __future__ import annotations

import json
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from crawler import __version__
from crawler.schema.applied import MIGRATIONS

TITLES, METADATA, SETTINGS = "metadata.yaml", "metadata.json", "settings.json"
"""Read by pywb and by us, and the user's to edit; read by Datasette (`datasette FOLDER`), and ours."""
EDITION = 1
"""To be raised when the metadata change without a migration."""
_MADE_BY = "news-archive-metadata"
_LINE = re.compile(r"^(title|description):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
DATASETTE = {"truncate_cells_html": 120, "sql_time_limit_ms": 3000, "facet_time_limit_ms": 500, "default_page_size": 50}
"""Settings for Datasette: short rows, and time for facets of large collections."""


def description_of(title: str) -> str:
    """The description of a collection that its user has not written."""
    return f"{title}: news stories in every version that was seen, their pictures with captions and credits, and what shows them."


def titles(folder: Path) -> tuple[str, str]:
    """Title and description of a collection: by its metadata.yaml, else by its name."""
    try:
        text = (folder / TITLES).read_text(errors="replace")
    except OSError:
        text = ""
    found = {name: _scalar(value) for name, value in _LINE.findall(text)}
    title = found.get("title") or folder.name
    return title, found.get("description") or description_of(title)


def _scalar(value: str) -> str:
    """The text of a YAML scalar of one line."""
    if value.startswith('"'):
        try:
            return str(json.loads(value))
        except ValueError:
            return value.strip('"')
    if value.startswith("'"):
        return value.strip("'").replace("''", "'")
    return "" if value[:1] in ("|", ">", "&", "*", "{", "[") else value.partition(" #")[0].strip()


def write_metadata(folder: Path, name: str) -> None:
    """Write what is missing, or what an earlier version wrote; what the user wrote stays.

    Args:
        name: The collection's name, which is also that of its site.
    """
    file = folder / TITLES
    if not file.exists() or file.read_text(errors="replace") == f"title: {json.dumps(name)}\n":
        title = _title(name)
        lines = {"title": title, "description": description_of(title)}
        file.write_text("".join(f"{key}: {json.dumps(text, ensure_ascii=False)}\n" for key, text in lines.items()))
    title, description = titles(folder)
    made = {"made": f"{__version__} {len(MIGRATIONS)} {EDITION}", "title": title, "description": description}
    if _ours(folder / METADATA, made):
        from crawler.publication.metadata import STYLE, database_metadata

        whole = {
            "title": title, "description": description, "plugins": {_MADE_BY: made}, "extra_css_urls": [STYLE],
            "databases": {"index": database_metadata(title, description)},
        }  # fmt: skip
        (folder / METADATA).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    if not (folder / SETTINGS).exists():
        (folder / SETTINGS).write_text(json.dumps(DATASETTE, indent=1) + "\n")


def _ours(file: Path, made: dict[str, str]) -> bool:
    """Tell whether a metadata file is missing, or of an earlier version of ours."""
    if not file.exists():
        return True
    with file.open(errors="replace") as text:
        head = text.read(4000)
    return _MADE_BY in head and not all(json.dumps(value, ensure_ascii=False) in head for value in made.values())


def _title(name: str) -> str:
    """Title of the site that a collection is named for, else its name."""
    if not name.isidentifier() or find_spec(f"crawler.sites.{name}") is None:
        return name
    site = getattr(import_module(f"crawler.sites.{name}"), "SITE", None)
    return str(site.title) if site is not None else name
