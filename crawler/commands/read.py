"""`scrapy read`: pages offline, HTML to one JSON article each."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from crawler.command import ArchiveCommand
from crawler.errors import EXIT_COMPLETE, ArchiveError, SetupError, Usage
from crawler.urls import host_of

if TYPE_CHECKING:
    from crawler.items import Article
    from crawler.parsers.page import Page
    from crawler.sites._site import Site

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_LINE_CHARACTERS = 64 * 1024 * 1024


class Command(ArchiveCommand):
    """Read pages from files or standard input; no network."""

    def syntax(self) -> str:
        """What stands behind the command's name."""
        return "[FILE ...] [--url URL] [--jsonl]"

    def short_desc(self) -> str:
        """One line for `scrapy -h`."""
        return "Read pages offline: HTML files or stdin to one JSON article each"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options of this command."""
        super().add_options(parser)
        parser.add_argument("--url", metavar="URL", default="", help="the page's own address: chooses its site's templates")
        parser.add_argument("--jsonl", action="store_true", help='read {"id","url","html"} lines from stdin, answer each with one line')

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Read what is named, or standard input."""
        if opts.jsonl:
            if args or opts.url:
                raise Usage("--jsonl reads lines from stdin, each with its own url: give neither FILE nor --url")
            self.answer_lines(sys.stdin.buffer)
            return EXIT_COMPLETE
        return self.answer_files(args or ["-"], opts.url)

    def answer_files(self, names: list[str], url: str) -> int:
        """One line for each file; a file that cannot be opened is told on stderr and the others are still read."""
        code = EXIT_COMPLETE
        for name in names:
            try:
                payload = bytes_of(name)
            except SetupError as error:
                self.fail(error)
                code = error.exit_code
                continue
            _print(self.answer(name, url, partial(_page, url, payload)))
        return code

    def answer_lines(self, source: IO[bytes]) -> None:
        """Answer each line of a JSON-lines stream with one flushed line; never stops before the stream does."""
        for line in source:
            if line.strip():
                _print(self.answer_line(line))

    def answer_line(self, line: bytes) -> dict[str, Any]:
        """The answer to one line."""
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            return {"id": None, "error": f"no JSON: {error}"}
        if not isinstance(record, dict) or not isinstance(record.get("html"), str):
            return {"id": record.get("id") if isinstance(record, dict) else None, "error": 'want {"id","url","html"} with html as text'}
        url = record.get("url") if isinstance(record.get("url"), str) else ""
        return self.answer(record.get("id"), url or "", partial(_text_page, url or "", record["html"]))

    def answer(self, identity: Any, url: str, make: Callable[[], Page]) -> dict[str, Any]:
        """One page's article, or its error."""
        from crawler.parsers.answer import as_json
        from crawler.start import effort_of
        from crawler.workers import bounded

        assert self.settings is not None
        try:
            with bounded(effort_of(self.settings)):
                return {"id": identity, **as_json(self.parse(make(), url))}
        except ArchiveError as error:
            return {"id": identity, "error": str(error)}
        except Exception as error:  # noqa: BLE001 - one page in a long stream must not stop the others, whatever it holds
            return {"id": identity, "error": f"{type(error).__name__}: {error}"}

    def parse(self, page: Page, url: str) -> Article:
        """Parse by the site the address belongs to, else by the generic reader."""
        from attrs import evolve

        from crawler.parsers.listing import LOOKS_LIKE_A_LIST, is_listing
        from crawler.parsers.template import parse

        site = self.site_of(url)
        if site is None:
            article = parse(page)
            return evolve(article, problems=(*article.problems, LOOKS_LIKE_A_LIST)) if is_listing(page, article) else article
        return parse(
            page,
            site.templates,
            story=site.story_id(url),
            language=site.language_of(host_of(url)),
            languages=site.languages(),
            timezone=site.timezone,
            key_of_picture=site.key_of_picture,
        )

    def site_of(self, url: str) -> Site | None:
        """The site an address belongs to, or None."""
        if not hasattr(self, "_sites"):
            from crawler.sites import load_sites

            folders = self.settings.getlist("ARCHIVE_SITES") if self.settings is not None else []
            self._sites = load_sites(folders)
        return next((site for site in self._sites.values() if url and site.owns(url)), None)


def _page(url: str, payload: bytes) -> Page:
    from crawler.parsers.page import Page

    return Page.from_payload(url=url, date=datetime.now(UTC), headers=(), payload=payload)


def _text_page(url: str, html: str) -> Page:
    from crawler.parsers.page import Page

    return Page.from_text(url, datetime.now(UTC), html)


def bytes_of(name: str) -> bytes:
    """A file's bytes, gzip taken off; `-` is standard input."""
    try:
        data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1) if name == "-" else _read(Path(name))
    except OSError as error:
        raise SetupError(f"{name}: cannot be read: {error.strerror or error}") from error
    if data[:2] == b"\x1f\x8b":
        return b"".join(_gunzipped(name, data))
    return data[:MAX_FILE_BYTES]


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)


def _gunzipped(name: str, data: bytes) -> Iterator[bytes]:
    import io

    left = MAX_FILE_BYTES
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            while left > 0 and (piece := file.read(min(left, 1 << 20))):
                left -= len(piece)
                yield piece
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SetupError(f"{name}: not a whole gzip file: {error}") from error


def _print(answer: dict[str, Any]) -> None:
    # ASCII escapes keep lone surrogates and line separators from breaking the line or the terminal's encoding.
    sys.stdout.write(json.dumps(answer, ensure_ascii=True, default=str) + "\n")
    sys.stdout.flush()
