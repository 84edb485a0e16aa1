"""`scrapy read`: HTML pages, offline, to one JSON article each."""

from __future__ import annotations

import argparse
import sys
from typing import IO, Any

from crawler.cli import ArchiveCommand, option
from crawler.cli.given import NoRecord, bytes_of, id_in, lines_of, parsed
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, ArchiveError, SetupError, Usage
from crawler.printed.pages_read import document, print_json, print_text


class Command(ArchiveCommand):
    """Read pages from files or standard input; no network."""

    usage = "[FILE ...] [--url URL] [--jsonl] [--explain]"
    summary = "Read HTML files or stdin into one JSON article each; no network"
    options = (
        option("--url", metavar="URL", default="", help="address of the page: chooses the site file, resolves links"),
        option("--jsonl", action="store_true", help='read {"id","url","html"} lines from stdin, answer each with one line'),
        option(
            "--explain",
            action="store_true",
            help="tell which rule won each field and what the others said: as text, with --jsonl as key explain",
        ),
    )
    reads_pages = True
    explain = False

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Read the named files, or standard input."""
        self.explain = bool(opts.explain)
        if opts.jsonl:
            if args or opts.url:
                raise Usage("--jsonl reads lines from stdin, each with its own url: give neither FILE nor --url")
            return self.answer_lines(sys.stdin.buffer)
        return self.answer_files(args or ["-"], opts.url)

    def answer_files(self, names: list[str], url: str) -> int:
        """Print one line for each file; one that cannot be opened stops no other."""
        code = EXIT_COMPLETE
        for name in names:
            try:
                payload = bytes_of(name)
            except SetupError as error:
                self.fail(error)
                code = error.exit_code
                continue
            print_text(self.answer(name, url, payload)) if self.explain else print_json(self.answer(name, url, payload))
        return code

    def answer_lines(self, source: IO[bytes]) -> int:
        """Answer each line of a JSON-lines stream with one flushed line, to the stream's end.

        Returns:
            10 where a line was no record or too long, else 0.
        """
        assert self.settings is not None
        most, code = self.settings.getint("ARCHIVE_MAX_LINE_BYTES"), EXIT_COMPLETE
        for line, size in lines_of(source, most):
            if not line.strip():
                continue
            try:
                answer = self.answer_line(line, size, most)
            except NoRecord as error:
                code, answer = EXIT_INCOMPLETE, {"id": error.identity, "error": str(error)}
            print_json(answer)
        return code

    def answer_line(self, line: bytes, size: int, most: int) -> dict[str, Any]:
        """Answer one line.

        Raises:
            NoRecord: It is too long, no JSON, or JSON of something else.
        """
        if size > len(line):
            raise NoRecord(f"a line of {size} bytes, over the {most} of ARCHIVE_MAX_LINE_BYTES", id_in(line))
        record = parsed(line)
        if not isinstance(record, dict) or not isinstance(record.get("html"), str):
            raise NoRecord('want {"id","url","html"} with html as text', record.get("id") if isinstance(record, dict) else None)
        url = record.get("url") if isinstance(record.get("url"), str) else ""
        return self.answer(record.get("id"), url or "", record["html"])

    def answer(self, identity: Any, url: str, html: str | bytes) -> dict[str, Any]:
        """Make one page's answer: the article, or its error."""
        from crawler.crawl.config import job_limits
        from crawler.workers.pool import bounded

        assert self.settings is not None
        try:
            with bounded(job_limits(self.settings)):
                return {"id": identity, **document(html, url, self.settings.getlist("ARCHIVE_SITES"), explain=self.explain)}
        except ArchiveError as error:
            return {"id": identity, "error": str(error)}
        except Exception as error:  # noqa: BLE001 - one page in a long stream must not stop the others, whatever it holds
            return {"id": identity, "error": f"{type(error).__name__}: {error}"}
