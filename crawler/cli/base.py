"""Base of the commands: options, errors in one line, exit codes, collections."""

from __future__ import annotations

import argparse
import os
import sys
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.settings import SETTINGS_PRIORITIES

from crawler.cli.help import PlainHelp
from crawler.collection.layout import is_collection
from crawler.crawl import settings_check
from crawler.errors import EXIT_SIGNAL, ArchiveError, SetupError, Usage
from crawler.formatting import one_line
from crawler.garbage import settle_heap
from crawler.interrupts import INTERRUPTS
from crawler.settings import data_directory
from crawler.terminal.program import as_typed, program
from crawler.terminal.screen import choose, columns, painted

if TYPE_CHECKING:
    from crawler.jobs.protocol import JobStore

Option = tuple[tuple[str, ...], dict[str, Any]]


def option(*names: str, **more: Any) -> Option:
    """Declare an option by the arguments of `argparse.ArgumentParser.add_argument`."""
    return names, more


JSON = option("--json", action="store_true", help="print one JSON document")
COLLECTION = option("-c", "--collection", metavar="COLLECTION", help="name or path; default: the only one there is")
REPORT_JSON = option("--report-json", metavar="FILE", help="write the run report to FILE as one JSON document, whatever the end")
METRICS = option("--metrics", metavar="FILE", help="write figures of the run to FILE for Prometheus' textfile collector, whatever the end")


class ArchiveCommand(ScrapyCommand):
    """Base of all commands; a subclass does its work in `execute`.

    Lives outside the folder `commands`: Scrapy takes every command class it finds there for a command.
    """

    usage: ClassVar[str] = ""
    """Arguments and options, as shown behind the command's name."""
    summary: ClassVar[str]
    """One line for `scrapy -h`."""
    details: ClassVar[str] = ""
    """Text of `scrapy NAME -h`; default: the summary."""
    options: ClassVar[tuple[Option, ...]] = ()
    """Options beside Scrapy's own."""
    own_settings: ClassVar[Mapping[str, object]] = {}
    """Settings of this command, unless given with `-s`."""
    requires_project = False
    requires_crawler_process = False
    reads_pages = False
    """Whether it parses pages: faults of the parser's libraries are printed then."""
    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy declares it a ClassVar

    @abstractmethod
    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Do the work.

        Args:
            args: What stands on the command line beside the options; text behind `--` is in it, the `--` is not.
        Raises:
            ArchiveError: Shown as one line on stderr; its `exit_code` is the command's.
        """

    def syntax(self) -> str:
        """Scrapy's hook."""
        return self.usage

    def short_desc(self) -> str:
        """Scrapy's hook."""
        return self.summary

    def long_desc(self) -> str:
        """Scrapy's hook."""
        return self.details or self.short_desc()

    def epilog(self, width: int) -> str:
        """Return what `-h` tells below the options, in lines of at most a width."""
        return ""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's hook."""
        super().add_options(parser)
        parser.formatter_class = PlainHelp
        parser.usage = f"{program()} {self.name} {self.syntax()}".rstrip().replace("%", "%%")
        if {"-h", "--help"}.intersection(sys.argv):
            parser.epilog = as_typed(self.epilog(columns() - 1))
        for names, more in self.options:
            parser.add_argument(*names, **more)
        colour = "colour the output: auto (on a terminal, unless NO_COLOR is set), always, never"
        parser.add_argument("--color", metavar="WHEN", choices=("auto", "always", "never"), default="auto", help=colour)

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what means nothing, before Scrapy starts and logs about itself.

        Raises:
            Usage: Ends the command; any other error is left to `execute`.
        """

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse undeclared options, which Scrapy takes for arguments, and what `check` refuses."""
        INTERRUPTS.install()
        choose(opts.color)
        super().process_options(args, opts)
        known = args[: args.index("--")] if "--" in args else args
        unknown = [a for a in known if a.startswith("-") and a != "-"]
        if unknown:
            self.refuse(Usage(f"unknown option {unknown[0]}; `scrapy {self.name} -h` lists them"))
        if "--" in args:
            args.remove("--")
        self._check_settings()
        try:
            self.check(args, opts)
        except Usage as error:
            self.refuse(error)
        except ArchiveError:
            pass  # `execute` meets it again, and tells it
        self._preset(opts)

    def _preset(self, opts: argparse.Namespace) -> None:
        """Set the command's own settings, except for names given with `-s`.

        A crawl with a progress line, for which no log was asked, logs warnings only.
        """
        assert self.settings is not None
        own = dict(self.own_settings)
        if self.requires_crawler_process and sys.stderr.isatty() and not opts.logfile:
            own.setdefault("LOG_LEVEL", "WARNING")
        for name, value in own.items():
            if (self.settings.getpriority(name) or 0) < SETTINGS_PRIORITIES["cmdline"]:
                self.settings.set(name, value, priority="cmdline")

    def _check_settings(self) -> None:
        """Refuse meaningless values and misspelt names; misspelt names of a settings file are printed."""
        assert self.settings is not None
        given = [name for name in self.settings if self.settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"]]
        for what in settings_check.unknown(given):
            self.refuse(Usage(what))
        for what in settings_check.unknown([name for name in self.settings if name not in given]):
            print(f"{self.name}: {what}", file=sys.stderr)
        if self.settings.get("JOBDIR"):
            told = "JOBDIR is not used: the collection itself keeps what is yet to be asked for; the same command run again goes on with it"
            print(f"{self.name}: {told}", file=sys.stderr)
        try:
            settings_check.check(self.settings)
        except ArchiveError as error:
            self.refuse(error)

    def _check_parser(self) -> None:
        """Print a warning if a library loses words of pages."""
        if self.reads_pages:
            from crawler.parsers.markup.tree import outdated

            if told := outdated():
                print(f"{self.name}: {told}", file=sys.stderr)

    def refuse(self, error: ArchiveError) -> NoReturn:
        """End before anything is begun, with one line and the error's exit code."""
        self.fail(error)
        sys.exit(self.exitcode)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run `execute`; turn its errors into one line and an exit code."""
        INTERRUPTS.install()
        INTERRUPTS.enter("working")
        self._check_parser()
        settle_heap()
        try:
            self.exitcode = self.execute(args, opts)
            sys.stdout.flush()
        except ArchiveError as error:
            self.fail(error)
        except BrokenPipeError:
            # Whoever read our output has seen enough; Python would complain again while closing stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except KeyboardInterrupt:
            self.interrupted()
        finally:
            INTERRUPTS.enter("ended", exit_code=self.exitcode)

    def fail(self, error: ArchiveError) -> None:
        """Print an error in one line on stderr, and remember its exit code."""
        print(painted(f"{self.name}:", "bad", sys.stderr), as_typed(one_line(str(error))), file=sys.stderr)
        self.exitcode = error.exit_code

    def interrupted(self) -> None:
        """Remember the exit code of a command that a signal ended."""
        self.exitcode = EXIT_SIGNAL

    @property
    def name(self) -> str:
        """The command's name: `verify`."""
        return type(self).__module__.rsplit(".", 1)[-1]

    def archive_dir(self) -> Path:
        """Return the directory that holds the collections."""
        assert self.settings is not None
        where = self.settings.get("ARCHIVE_DIR")
        if not where:
            raise SetupError("ARCHIVE_DIR is not set: name the directory of your collections in that setting or environment variable")
        place = Path(where).expanduser().absolute()
        if place == data_directory / "news-archive":
            # The user's own data directory: no disk that might not be mounted.
            data_directory.mkdir(parents=True, exist_ok=True)
        return place

    def collection_path(self, name: str | None) -> Path:
        """Resolve a collection: a name under ARCHIVE_DIR or a path; None for the only one.

        Raises:
            SetupError: There is none, or there are several and none was named.
        """
        if name is None:
            return self._only_collection()
        path = Path(name).expanduser()
        if os.sep not in name and not path.is_dir():
            path = self.archive_dir() / name
        if not is_collection(path):
            there = ", ".join(p.name for p in self.collections()) or "none"
            raise SetupError(f"no collection {name!r}: {path} holds neither index.db nor archive/; under ARCHIVE_DIR there are: {there}")
        return path.absolute()

    def one_collection(self, args: list[str]) -> Path:
        """Resolve the only argument, a collection; without one the only collection there is."""
        if len(args) > 1:
            raise Usage("name one collection, or none if there is only one")
        return self.collection_path(args[0] if args else None)

    def job_store(self, *, create: bool = True) -> closing[JobStore]:
        """Open the job store of the settings, for a `with`."""
        from crawler.cli.job_store import open_store
        from crawler.jobs.options import WorkOptions

        assert self.settings is not None
        return closing(open_store(WorkOptions.of(self.settings), self.archive_dir(), create=create))

    def collections(self) -> list[Path]:
        """List the collections under ARCHIVE_DIR, by name."""
        folder = self.archive_dir()
        return sorted(p for p in folder.iterdir() if is_collection(p)) if folder.is_dir() else []

    def _only_collection(self) -> Path:
        found = self.collections()
        if not found:
            raise SetupError(f"no collection under {self.archive_dir()}: crawl first, or name one")
        if len(found) > 1:
            raise SetupError(f"several collections under {self.archive_dir()}: name one of {', '.join(p.name for p in found)}")
        return found[0]
