"""Hook of `mkdocs.yml`: pages and files of the repository outside docs/, and the links that lead there and back.

A link works in the repository and on the site: README.md is the site's front page, any other file a link leads to is in `project/`.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
FRONT = "README.md"
LINK = re.compile(
    r"(?P<code>^```.*?^```|`[^`\n]+`)|(?P<before>\]\()(?P<target>[^)\s#:]+)(?P<after>(?:#[^)\s]*)?\))", re.MULTILINE | re.DOTALL
)
"""A link to a file, in `target`; or code, in which nothing is one."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the front page, and what the pages link to outside docs/, and so on from there."""
    waiting = [FRONT, *(f"docs/{file.src_uri}" for file in files.documentation_pages())]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        if not path.startswith("docs/"):
            files.append(_file(path, config))
        if path.endswith(".md"):
            new = {_linked(path, found["target"]) for found in LINK.finditer((ROOT / path).read_text("utf-8")) if found["target"]} - seen
            waiting += sorted(new_path for new_path in new if not new_path.startswith("docs/") and (ROOT / new_path).is_file())
            seen |= new
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links between files of the repository into links between files of the site."""
    here = _repository_path(page.file)

    def turned(found: re.Match[str]) -> str:
        if found["code"]:
            return found[0]
        there = _site_path(_linked(here, found["target"]))
        return found["before"] + posixpath.relpath(there, posixpath.dirname(page.file.src_uri)) + found["after"]

    return LINK.sub(turned, markdown)


def _file(path: str, config: MkDocsConfig) -> File:
    return File.generated(config, _site_path(path), abs_src_path=str(ROOT / path), inclusion=InclusionLevel.NOT_IN_NAV)


def _linked(path: str, target: str) -> str:
    """Path in the repository of what a page at `path` links to; of a folder its README.md."""
    there = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return posixpath.join(there, FRONT) if (ROOT / there).is_dir() else there


def _site_path(path: str) -> str:
    if path == FRONT:
        return "index.md"
    return path.removeprefix("docs/") if path.startswith("docs/") else f"project/{path}"


def _repository_path(file: File) -> str:
    return str(Path(str(file.abs_src_path)).relative_to(ROOT).as_posix())
