"""Connection to S3-compatible stores by boto3; credentials and endpoint are the SDK's own matter."""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import SetupError, Unreachable

CONNECT_SECONDS = 10
READ_SECONDS = 60
ATTEMPTS = 4
"""Of each request, by the SDK."""
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_FOR_NOW = frozenset({"RequestTimeout", "SlowDown", "Throttling", "RequestTimeTooSkewed", "InternalError", "ServiceUnavailable"})


class NotOffered(SetupError):
    """The store knows no such kind of request."""


_making = threading.Lock()


def client() -> Any:
    """The client of this process, made at the first call; safe in any thread.

    Raises:
        SetupError: boto3 is not installed, or the SDK's configuration cannot be used.
    """
    with _making:
        return _client(os.getpid())


@lru_cache(maxsize=1)
def _client(process: int) -> Any:
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError as error:
        raise SetupError("s3:// addresses need boto3: pip install 'news-archive-crawler[s3]'") from error
    for name in ("boto3", "botocore", "s3transfer"):
        # At DEBUG they log the heads of requests: key id, signature, session token.
        logging.getLogger(name).setLevel(logging.WARNING)
    # Some stores know no trailing checksums, which newer SDKs add unasked: a checksum is sent where we hold one ourselves.
    config = Config(
        connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        request_checksum_calculation="when_required", response_checksum_validation="when_required",
    )  # fmt: skip
    try:
        # A session of its own: the default one of the module is shared with whoever else uses boto3 in this process.
        return boto3.session.Session().client("s3", config=config)
    except (BotoCoreError, ValueError) as error:
        raise SetupError(f"the store cannot be used: {type(error).__name__}; see docs/storage.md for what the SDK needs") from error


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn errors of the SDK into ours, which name the address and never a key.

    Raises:
        FileNotFoundError: There is no such object.
        FileExistsError: There is one already, and the request wanted none; or it is not the one that was asked for any more.
        SetupError: It may not be asked for, there are no credentials, or there is no such bucket.
        Unreachable: The store does not answer, or says that it cannot now.
    """
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError, NoCredentialsError
    from botocore.exceptions import ConnectionError as NoConnection

    try:
        yield
    except ClientError as error:
        raise _of_answer(where, error.response) from error
    except NoCredentialsError as error:
        chain = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile in ~/.aws, or a role of the machine"
        raise SetupError(f"{where}: no credentials: give the SDK {chain}") from error
    except (NoConnection, HTTPClientError, IncompleteReadError) as error:
        raise Unreachable(where, f"{type(error).__name__}{_endpoint()}") from error
    except BotoCoreError as error:
        raise SetupError(f"{where}: {type(error).__name__}: the SDK cannot send this; see docs/storage.md") from error


def _of_answer(where: str, response: Any) -> Exception:
    """The error of an answer that is none."""
    code = str(response.get("Error", {}).get("Code", ""))[:40]
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)
    if code == "NoSuchBucket":
        return SetupError(f"{where}: there is no such bucket{_endpoint()}")
    if code in _MISSING or status == 404:
        return FileNotFoundError(errno.ENOENT, "no such object", where)
    if status in (409, 412):
        return FileExistsError(errno.EEXIST, f"the store refused: {code}", where)
    if status == 501 or code == "NotImplemented":
        return NotOffered(f"{where}: the store does not know this kind of request: {status} {code}")
    if status >= 500 or status == 429 or code in _FOR_NOW:
        return Unreachable(where, f"the store answers {status} {code}".rstrip())
    if status == 403:
        return SetupError(f"{where}: the store refuses: 403 {code}: these credentials may not, or it is not there (docs/storage.md)")
    return SetupError(f"{where}: the store answers {status} {code}".rstrip())


def _endpoint() -> str:
    """` (HOST:PORT)` of an endpoint that is named, without what may stand before an @."""
    named = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    return f" ({urlsplit(named).netloc.rpartition('@')[2]})" if named else ""
