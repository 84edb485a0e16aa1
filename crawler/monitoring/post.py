"""One HTTP POST past the crawl's own client, without redirects."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from typing import Any

from crawler import __version__

_ANSWER_BYTES = 1024
"""Read of the answer, which is not looked at."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **more: Any) -> None:
        """Follow none: a post would become a GET, to another address."""


def post_json(url: str, body: bytes, *, seconds: float) -> str:
    """Post JSON.

    Args:
        seconds: For each wait on the socket, not for all of it.
    Returns:
        What went wrong, without any part of the address; empty if the answer was a 2xx.
    """
    head = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"news-archive-crawler/{__version__}"}
    try:
        request = urllib.request.Request(url, data=body, headers=head, method="POST")
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=max(seconds, 0.001)) as answer:
            answer.read(_ANSWER_BYTES)
    except urllib.error.HTTPError as error:
        error.close()
        return f"status {error.code}"
    except urllib.error.URLError as error:
        return type(error.reason).__name__ if isinstance(error.reason, OSError) else "address refused"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__
    return ""
