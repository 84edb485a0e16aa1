"""WACZ of a whole collection: what is in it, what signs it, and what is said of what is missing or damaged."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import zipfile
from base64 import b64decode
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_public_key
from exchange_makers import exchange, lease
from small_collections import change, recorded, twelve, warc_of
from wacz_makers import cdxj_of, exported, lines_of
from warcio.archiveiterator import ArchiveIterator

from crawler.archive_files.wacz import unpack
from crawler.collection.collection import Collection
from crawler.errors import SetupError


def test_all_that_is_in_it(tmp_path: Path) -> None:
    path, place = twelve(tmp_path / "twelve"), tmp_path / "out.wacz"
    outcome = exported(path, "wacz", place)
    assert dict(outcome.counts) == {"WARCs": 1, "captures": 12, "further pages": 12}
    assert outcome.exit_code == 0
    with zipfile.ZipFile(place) as package:
        description = json.loads(package.read("datapackage.json"))
        assert (description["profile"], description["wacz_version"], description["title"]) == ("data-package", "1.1.1", "twelve")
        for resource in description["resources"]:
            data = package.read(resource["path"])
            assert (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}") == (resource["bytes"], resource["hash"])
            assert package.getinfo(resource["path"]).compress_type == zipfile.ZIP_STORED or not resource["path"].endswith(".gz")
        names = {info.filename for info in package.infolist()}
        assert names == {resource["path"] for resource in description["resources"]} | {"datapackage.json", "datapackage-digest.json"}
        digest = json.loads(package.read("datapackage-digest.json"))
        assert digest["hash"] == f"sha256:{hashlib.sha256(package.read('datapackage.json')).hexdigest()}"
        assert package.read(f"archive/{warc_of(path).name}") == warc_of(path).read_bytes()
        for key, values in cdxj_of(place):
            data = package.read(f"archive/{values['filename']}")
            record = next(iter(ArchiveIterator(io.BytesIO(data[int(values["offset"]) :]))))
            assert record.rec_headers.get_header("WARC-Target-URI") == values["url"]
            assert key.startswith("example,a)/")
    assert [page["url"] for page in lines_of(place, "pages/extraPages.jsonl")[1:]] == [f"https://a.example/{n}" for n in range(12)]
    contents = unpack(place, tmp_path / "unpacked")
    assert not contents.faults


def key_file(path: Path, curve: ec.EllipticCurve) -> Path:
    pem = ec.generate_private_key(curve).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem)
    return path


def test_the_signature_can_be_checked_with_the_key_that_stands_beside_it(tmp_path: Path) -> None:
    place = tmp_path / "out.wacz"
    outcome = exported(twelve(tmp_path / "twelve"), "wacz", place, key_file=key_file(tmp_path / "key.pem", ec.SECP384R1()))
    assert "P-384" in outcome.notes[0]
    with zipfile.ZipFile(place) as package:
        digest, description = json.loads(package.read("datapackage-digest.json")), json.loads(package.read("datapackage.json"))
    signed = digest["signedData"]
    assert (signed["hash"], signed["created"]) == (digest["hash"], description["created"])
    raw = b64decode(signed["signature"])
    public = load_der_public_key(b64decode(signed["publicKey"]))
    assert isinstance(public, ec.EllipticCurvePublicKey)
    whole = encode_dss_signature(int.from_bytes(raw[:48]), int.from_bytes(raw[48:]))
    public.verify(whole, signed["hash"].encode(), ec.ECDSA(SHA256()))


@pytest.mark.parametrize("curve", [ec.SECP256R1(), None])
def test_a_key_that_readers_do_not_know_is_refused(tmp_path: Path, curve: ec.EllipticCurve | None) -> None:
    file = key_file(tmp_path / "key.pem", curve) if curve else tmp_path / "nonsense.pem"
    if not curve:
        file.write_text("no key")
    with pytest.raises(SetupError, match="secp384r1"):
        exported(twelve(tmp_path / "twelve"), "wacz", tmp_path / "out.wacz", key_file=file)
    assert not list(tmp_path.glob("out*"))


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    path, place = twelve(tmp_path / "twelve"), tmp_path / "out.wacz"
    change(path, "UPDATE captures SET warc = 'other.warc.gz' WHERE id > 10", "UPDATE captures SET state = 'lost' WHERE id = 1")
    outcome = exported(path, "wacz", place)
    assert outcome.exit_code == 10
    assert [(one.file, one.url) for one in outcome.left_out] == [
        (warc_of(path).name, "https://a.example/0"), ("other.warc.gz", "https://a.example/10"),
    ]  # fmt: skip
    assert "2 captures" in outcome.left_out[1].what
    assert len(cdxj_of(place)) == outcome.counts["captures"] == 9
    assert outcome.counts["further pages"] == 9


def test_a_file_that_has_changed_since_it_was_sealed_is_damage(tmp_path: Path) -> None:
    path = twelve(tmp_path / "twelve")
    with warc_of(path).open("r+b") as file:
        file.seek(-20, 2)
        file.write(b"\0")
    outcome = exported(path, "wacz", tmp_path / "out.wacz")
    assert outcome.exit_code == 13
    assert "has changed since it was sealed" in str(outcome.left_out[0])


def test_a_collection_that_is_being_written(tmp_path: Path) -> None:
    """The whole records that the index knows: half an exchange behind them stays out."""
    path, place = tmp_path / "open", tmp_path / "out.wacz"
    with closing(Collection.open(path)) as collection:
        for n in range(3):
            asyncio.run(collection.record(exchange(n, b"<p>page %d" % n), lease(n)))
        file = warc_of(path)
        assert file.name.endswith(".open")
        size = file.stat().st_size
        with file.open("ab") as out:
            out.write(b"\x1f\x8b\x08half a member")
        outcome = exported(path, "wacz", place)
    assert outcome.exit_code == 0
    with zipfile.ZipFile(place) as package:
        (info,) = [one for one in package.infolist() if one.filename.startswith("archive/")]
    assert (info.filename.endswith(".warc.gz"), info.file_size) == (True, size)
    assert len(cdxj_of(place)) == 3


def test_several_files_and_a_package_description_of_each(tmp_path: Path) -> None:
    path = twelve(tmp_path / "twelve")
    recorded(path, [(exchange(n, b"<p>more %d" % n), lease(n)) for n in range(20, 23)])
    outcome = exported(path, "wacz", tmp_path / "out.wacz")
    assert (outcome.counts["WARCs"], outcome.counts["captures"]) == (2, 15)
    keys = [key for key, _ in cdxj_of(tmp_path / "out.wacz")]
    assert keys == sorted(keys)
