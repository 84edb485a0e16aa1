"""Address of a PostgreSQL database, as it may be shown."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from attrs import field, frozen

from crawler.errors import Usage

_UNKNOWN = "postgresql://"
_SHOWN_OPTIONS = ("sslmode", "target_session_attrs")


@frozen
class Address:
    """Address of a database; only `shown` is fit for logs and errors.

    >>> Address("postgresql://crawler:secret@db.example:5433/archive?sslmode=verify-full&password=again")
    Address(shown='postgresql://crawler@db.example:5433/archive?sslmode=verify-full')
    """

    _whole: str = field(repr=False)
    shown: str = field(init=False)

    @shown.default
    def _without_secrets(self) -> str:
        try:
            parts = urlsplit(self._whole)
            if "@" in parts.path + parts.query:
                raise ValueError  # a slash in the password: what looks like a path is the rest of it
            user, at, hosts = parts.netloc.rpartition("@")
            options = [option for option in parts.query.split("&") if option.partition("=")[0] in _SHOWN_OPTIONS]
        except ValueError:
            return _UNKNOWN
        return f"{parts.scheme}://{user.partition(':')[0]}{at}{hosts}{parts.path}" + ("?" + "&".join(options) if options else "")

    def conninfo(self) -> str:
        """The address for libpq, with the limits that notice a wire that was cut.

        Raises:
            Usage: It means nothing; the text repeats no part of it, since the password may stand anywhere in it.
        """
        from psycopg import Error
        from psycopg.conninfo import conninfo_to_dict, make_conninfo

        limits: dict[str, str | int] = {
            "connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000,
            "application_name": "news-archive",
        }  # fmt: skip
        try:
            if self.shown == _UNKNOWN:
                raise Error
            given = conninfo_to_dict(self._whole)
            return make_conninfo(self._whole, **{name: value for name, value in limits.items() if name not in given})
        except Error as error:
            raise Usage("ARCHIVE_FRONTIER: not an address of PostgreSQL (signs like @ or / in a password are written %40, %2F)") from error

    def cleaned(self, text: str) -> str:
        """Take what is secret out of a message, and make one line of it."""
        password = (urlsplit(self._whole).password if "@" in self._whole else None) or ""
        found = re.search(r"[?&\s]password=([^&\s]+)", self._whole)
        for secret in filter(None, (password, found[1] if found else "")):
            # A very short one stands in half of all words: it is taken out where it is a word.
            text = text.replace(secret, "***") if len(secret) > 3 else re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "***", text)
        return " ".join(text.split())
