"""The errors, as one tree:

    ArchiveError                     exit code of a command that meets it
    ├── SetupError                   1   something the user can mend: a setting, a path, a file
    │   └── UnknownSite              2
    ├── Usage                        2   arguments that mean nothing
    ├── NotFetched                   10  a requested page was not received
    ├── NothingSelected              10  an export would hold nothing
    ├── CollectionLocked             11  another process writes this collection
    ├── WriteFailed                  12  disk full, fsync failed
    ├── Damaged                      13  a file is not what it should be; carries file and offset
    │   └── NotAWarc                 13
    ├── Interrupted                  14  a signal came before the work was done
    ├── Unreachable                  15  a shared frontier or a store could not be reached in time
    ├── LaneLost                         a lane's deadline has passed: nothing of it may be asked for any more
    ├── BrokenChunking                   chunk sizes do not add up; carries the offset
    ├── Unreadable                       a page that cannot be decoded or parsed
    ├── OutOfFiles                       this process may open no more files for now; nobody's fault but ours
    ├── BudgetSpent                      a host has had its requests of the day; what is left waits for the next
    └── FetchFailed                      one attempt without a usable answer; carries a reason and what came

An error carries data, its text says what happened, where, and what to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

EXIT_COMPLETE = 0
EXIT_SETUP = 1
EXIT_USAGE = 2
EXIT_INCOMPLETE = 10
EXIT_LOCKED = 11
EXIT_WRITE_FAILED = 12
EXIT_DAMAGED = 13
EXIT_SIGNAL = 14
EXIT_UNREACHABLE = 15

REASONS = (
    "dns", "connect", "tls", "timeout", "disconnect", "malformed", "guard", "robots", "bad-url", "status", "redirect", "challenge",
    "consent", "seized", "parked", "soft-404", "wrong-article", "too-large", "limit", "proxy",
    "partial", "no-original", "parser-fault",
)  # fmt: skip
"""Why an attempt gave no usable answer: the words of `failures.reason`.

`partial`: a part was sent (206, 226) where the whole was asked for. `no-original`: a revisit, and no file of the collection holds what it
repeats. `parser-fault`: a fault in our own parser; the bytes are safe, and the traceback is in the log.
"""

HOST_REASONS = frozenset(
    {"dns", "connect", "tls", "timeout", "disconnect", "malformed", "challenge", "consent", "seized", "parked", "proxy"}
)
"""Reasons that speak against the host rather than against one address (so does `status` from 500 on)."""

GONE_REASONS = frozenset({"status", "soft-404", "redirect"})
"""Reasons that, as an answer, mean that the story is not there any more."""

LASTING_REASONS = frozenset({"redirect", "too-large", "limit", "wrong-article"})
"""Reasons that the same host would only repeat: another mirror may help, another attempt will not."""

POLICY_REASONS = frozenset({"guard", "robots", "bad-url"})
"""Reasons that are our own refusal: final at once, and no failure of the crawl."""


class ArchiveError(Exception):
    """Any error of ours."""

    exit_code: ClassVar[int] = EXIT_SETUP


class SetupError(ArchiveError):
    """Something the user can correct before running again."""


class Usage(ArchiveError):
    """Arguments that mean nothing."""

    exit_code = EXIT_USAGE


class UnknownSite(Usage):
    """No site of that name on the shelf."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name, self.known = name, known
        super().__init__(f"no site named {name!r}; there are: {', '.join(known)}")


class NotFetched(ArchiveError):
    """A requested page was not received, or is another page."""

    exit_code = EXIT_INCOMPLETE


class NothingSelected(ArchiveError):
    """An export would hold nothing."""

    exit_code = EXIT_INCOMPLETE


class CollectionLocked(ArchiveError):
    """Another process writes this collection."""

    exit_code = EXIT_LOCKED

    def __init__(self, path: Path, holder: str) -> None:
        self.path, self.holder = path, holder
        super().__init__(f"{path}: in use by {holder or 'another process'}; wait for it or stop it")


class WriteFailed(ArchiveError):
    """Bytes could not be brought to disk."""

    exit_code = EXIT_WRITE_FAILED

    def __init__(self, path: Path, error: OSError) -> None:
        self.path, self.error = path, error
        super().__init__(f"{path}: cannot write: {error.strerror or error}")


class Damaged(ArchiveError):
    """A file is not what it should be."""

    exit_code = EXIT_DAMAGED

    def __init__(self, path: Path, offset: int, what: str) -> None:
        self.path, self.offset, self.what = path, offset, what
        super().__init__(f"{path}: offset {offset}: {what}")


class NotAWarc(Damaged):
    """The file does not begin as a WARC does."""


class Interrupted(ArchiveError):
    """A signal came before the work was done."""

    exit_code = EXIT_SIGNAL


class Unreachable(ArchiveError):
    """A shared frontier or a store could not be reached in time."""

    exit_code = EXIT_UNREACHABLE

    def __init__(self, where: str, what: str) -> None:
        self.where, self.what = where, what
        """The address, without a password; what went wrong."""
        super().__init__(f"{where}: cannot be reached: {what}")


class LaneLost(ArchiveError):
    """The deadline of a lane has passed, or another worker holds it."""

    def __init__(self, lane: str) -> None:
        self.lane = lane
        super().__init__(f"lane {lane}: not held any more")


class BrokenChunking(ArchiveError):
    """The chunk sizes of a body do not add up."""

    def __init__(self, offset: int, what: str) -> None:
        self.offset, self.what = offset, what
        super().__init__(f"chunked body, offset {offset}: {what}")


class Unreadable(ArchiveError):
    """A page that cannot be decoded or parsed."""


class BudgetSpent(ArchiveError):
    """A host has had its requests of the day."""

    def __init__(self, host: str, most: int) -> None:
        super().__init__(f"{host}: ARCHIVE_HOST_REQUESTS_PER_DAY={most}")
        self.host = host


class OutOfFiles(ArchiveError):
    """The limit of open files is reached.

    The request waits and is sent again; no attempt is counted.
    """


class FetchFailed(ArchiveError):
    """One attempt without a usable answer."""

    def __init__(
        self, reason: str, detail: str = "", *, exchange: Any = None, answer: bool = False, moved_to: str | None = None
    ) -> None:  # fmt: skip
        self.reason, self.detail, self.exchange, self.moved_to = reason, detail, exchange, moved_to
        """Reason and detail as in table `failures`; the `items.Exchange` of what came, None if no byte did."""
        self.answer = answer
        """Whether the matter is settled on this host all the same: a story that redirects to the home page is gone."""
        self.meta: dict[str, Any] = {}
        """Of the request that failed, where a part of its answer came: behind redirects it is another than the one that was sent."""
        super().__init__(f"{reason}: {detail}" if detail else reason)


def unforeseen(error: BaseException | None) -> FetchFailed:
    """A fault of our own while fetching, as the failed attempt that it makes."""
    return FetchFailed("limit", f"{type(error).__name__}: {error}"[:200])
