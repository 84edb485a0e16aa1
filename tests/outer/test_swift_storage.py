"""A whole collection in OpenStack Swift by its S3 interface, which checks MD5 and knows no conditional PUT."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from s3_store import _forget
from small_collections import change, twelve, warc_of
from stands import outer
from swift_store import PROGRAMS, Swift, swift_store
from typed_commands import Typed, typed

from crawler.storage.store_path import store_path
from crawler.uploading.upload import AtRest, Upload

__all__ = ["typed"]
SHELF = "s3://news/shelf"


@pytest.fixture(scope="module")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    for program in PROGRAMS:
        outer(program)
    with swift_store(tmp_path_factory.mktemp("swift")) as store:
        yield store


@pytest.fixture
def _sdk(swift: Swift, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {
        "AWS_ENDPOINT_URL_S3": swift.url, "AWS_ACCESS_KEY_ID": swift.access_key, "AWS_SECRET_ACCESS_KEY": swift.secret_key,
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    _forget()
    yield
    _forget()


@pytest.mark.usefixtures("_sdk")
def test_a_collection_lives_in_swift(tmp_path: Path, typed: Typed) -> None:
    client = boto3.session.Session().client("s3")  # the default session keeps the credentials of tests before
    client.create_bucket(Bucket="news")
    path = twelve(tmp_path / "twelve")
    file, data = warc_of(path), warc_of(path).read_bytes()
    with pytest.raises(ClientError, match="BadDigest"):
        client.put_object(Bucket="news", Key="wrong", Body=b"x", ContentMD5=base64.b64encode(bytes(16)).decode())
    with pytest.raises(ClientError, match="NotImplemented"):
        client.put_object(Bucket="news", Key="conditional", Body=b"x", IfNoneMatch="*")
    upload = Upload(AtRest(path), SHELF, keep_local=False)
    assert [one.name for one in upload.some(at_once=True)] == [file.name]
    upload.beside()
    assert not file.exists()
    where = store_path(f"{SHELF}/twelve/archive/{file.name}")
    with where.open("rb") as there:
        there.seek(1000)
        assert there.read(500) == data[1000:1500]
        there.seek(0)
        assert hashlib.sha256(there.read()).digest() == hashlib.sha256(data).digest()
    done = typed("verify", "twelve")
    assert done.code == 0, done.out + done.err
    assert not store_path(f"{SHELF}/twelve/archive/none").exists()
    client.put_object(Bucket="news", Key=where.key, Body=b"another")
    file.write_bytes(data)
    change(path, "UPDATE warcs SET safety = 'written', address = NULL")
    again = Upload(AtRest(path), SHELF, keep_local=False)
    assert list(again.some(at_once=True)) == []
    assert "another content lies there" in str(again.faults[file.name])
    assert file.exists()
    assert client.get_object(Bucket="news", Key=where.key)["Body"].read() == b"another"
