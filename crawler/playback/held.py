"""Question to pywb whether the archive gives an address."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from crawler.playback.answers import archived_at
from crawler.playback.replay import Replay

_SECONDS = 20.0


def is_held(replay: Replay, collection: str, date: str, url: str) -> bool:
    """Tell whether an address is archived; no redirect is followed, since it may lead out."""
    address = urlsplit(replay.address(collection, date, url, mark="id_"))
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.netloc, timeout=_SECONDS)
    try:
        connection.request("HEAD", address.path + (f"?{address.query}" if address.query else ""))
        return archived_at({name.lower(): value for name, value in connection.getresponse().getheaders()}) is not None
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
