"""Which TLS servers are reached, what is said of their certificates, and in which words the others fail."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from tls_peers import HOST, Certificate, Peer, alert, context_of, dns, over_tls, rsa_key, says, version

from crawler.errors import FetchFailed
from crawler.http.address_guard import parse_connect_to
from crawler.http.client import Client
from crawler.http.options import Limits
from crawler.http.tls import TlsContexts
from crawler.items import Tls

Change = Callable[[ssl.SSLContext], None]


class Authority:
    """A root, what it has signed, and the files that a client and its servers read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = Certificate("Trial Root", anchor=True)
        self.middle = Certificate("Trial Middle", self.root, anchor=True)
        self.rsa_middle = Certificate("Trial RSA Middle", self.root, key=rsa_key(), anchor=True)
        self.weak_middle = Certificate("Trial Weak Middle", self.root, key=rsa_key(1024), anchor=True)
        self.alone = Certificate(HOST, names=dns(HOST))
        rsa = partial(Certificate, "rsa", self.middle, names=dns(HOST))
        signed = partial(Certificate, "leaf", self.middle)
        self.leaves: dict[str, tuple[Certificate, ...]] = {
            "rsa": (rsa(key=rsa_key()), self.middle),
            "ec": (signed(names=dns(HOST)), self.middle),
            "p384": (signed(names=dns(HOST), key=ec.generate_private_key(ec.SECP384R1())), self.middle),
            "ed25519": (signed(names=dns(HOST), key=ed25519.Ed25519PrivateKey.generate()), self.middle),
            "signed by RSA-PSS": (Certificate("pss", self.rsa_middle, names=dns(HOST), pss=True), self.rsa_middle),
            "upper case": (signed(names=dns("WWW.News.EXAMPLE")), self.middle),
            "wildcard": (signed(names=dns("*.news.example")), self.middle),
            "common name only": (Certificate(HOST, self.middle), self.middle),
            "address": (signed(names=[x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), self.middle),
            "part of a wildcard": (signed(names=dns("w*.news.example")), self.middle),
            "wildcard too far up": (signed(names=dns("*.example")), self.middle),
            "other name": (signed(names=dns("other.example")), self.middle),
            "expired": (signed(names=dns(HOST), days=(-9, -1)), self.middle),
            "not yet": (signed(names=dns(HOST), days=(1, 2)), self.middle),
            "no intermediate": (signed(names=dns(HOST)),),
            "self-signed": (self.alone,),
            "small key": (rsa(key=rsa_key(1024)), self.middle),
            "small key above": (Certificate("under", self.weak_middle, names=dns(HOST)), self.weak_middle),
        }  # fmt: skip

    def context(self, name: str) -> ssl.SSLContext:
        return context_of(self.folder, *self.leaves[name])

    def anchors(self, *certificates: Certificate) -> Path:
        path = self.folder / f"anchors-{'-'.join(str(id(one)) for one in certificates)}.pem"
        path.write_bytes(b"".join(one.pem for one in certificates))
        return path


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


async def ask(peer: Peer, ca_file: Path, mode: str, host: str = HOST) -> Tls:
    """What is told of the handshake of a fetch that succeeds."""
    url = f"https://{host}:{peer.port}/" if host == "127.0.0.1" else f"https://{host}/"
    client = Client(
        limits=Limits(connect=4, idle=2, total=6), trust=TlsContexts(ca_file=ca_file, mode=mode),
        connect_to=parse_connect_to(f"*:*=127.0.0.1:{peer.port}"),
    )  # fmt: skip
    try:
        exchange = await client.fetch(url, max_bytes=100)
    finally:
        await client.close()
        peer.close()
    assert exchange.payload.read() == b"good"
    assert exchange.tls is not None
    return exchange.tls


OLD = {
    "TLS 1.2, RSA key exchange": ("rsa", "TLSv1_2", "AES128-GCM-SHA256"),
    "TLS 1.2, RSA key exchange, CBC": ("rsa", "TLSv1_2", "AES256-SHA"),
    "TLS 1.2, CBC and SHA-1": ("rsa", "TLSv1_2", "ECDHE-RSA-AES128-SHA"),
    "TLS 1.2, DHE": ("rsa", "TLSv1_2", "ECDHE-RSA-AES256-SHA384"),
    "TLS 1.2": ("ec", "TLSv1_2", "DEFAULT"),
    "TLS 1.3": ("rsa", "TLSv1_3", "DEFAULT"),
}


@pytest.mark.parametrize("mode", ["verify", "record"])
@pytest.mark.parametrize(("leaf", "only", "ciphers"), OLD.values(), ids=OLD)
async def test_a_good_certificate_is_verified_over_any_cipher_of_openssls_list(
    authority: Authority, leaf: str, only: str, ciphers: str, mode: str
) -> None:
    context = authority.context(leaf)
    version(context, only, only, ciphers)
    peer = Peer(over_tls(context))
    tls = await ask(peer, authority.anchors(authority.root), mode)
    assert (tls.version, tls.verified, tls.reason, peer.dials) == (only.replace("_", "."), True, "", 1)
    assert only == "TLSv1_3" or ciphers == "DEFAULT" or tls.cipher == ciphers


KINDS = ["ec", "p384", "ed25519", "signed by RSA-PSS", "upper case", "wildcard", "common name only", "address"]


@pytest.mark.parametrize("kind", KINDS)
async def test_keys_signatures_and_names_of_every_kind_are_verified(authority: Authority, kind: str) -> None:
    peer = Peer(over_tls(authority.context(kind)))
    assert (await ask(peer, authority.anchors(authority.root), "verify", "127.0.0.1" if kind == "address" else HOST)).verified


@pytest.mark.parametrize(("kind", "host", "reached"), [
    ("wildcard", "my_paper.news.example", True), ("wildcard", "a.my_paper.news.example", False), ("wildcard", "my_paper.other.example", False),
    ("ec", "my_paper.news.example", False), ("wildcard too far up", "my_paper.example", False),
])  # fmt: skip
async def test_a_wildcard_stands_for_a_label_with_an_underscore_too(authority: Authority, kind: str, host: str, reached: bool) -> None:
    for mode in ("verify", "record"):
        peer = Peer(over_tls(authority.context(kind)))
        if mode == "record" or reached:
            tls = await ask(peer, authority.anchors(authority.root), mode, host)
            assert (tls.verified, tls.reason) == (reached, "" if reached else f"Hostname mismatch, certificate is not valid for '{host}'.")
        else:
            with pytest.raises(FetchFailed, match="Hostname mismatch"):
                await ask(peer, authority.anchors(authority.root), mode, host)


async def test_an_anchor_need_not_be_a_root(authority: Authority) -> None:
    peer = Peer(over_tls(authority.context("no intermediate")))
    assert (await ask(peer, authority.anchors(authority.middle), "verify")).verified


BAD = {
    "expired": "certificate has expired", "not yet": "certificate is not yet valid", "other name": "Hostname mismatch",
    "part of a wildcard": "Hostname mismatch", "wildcard too far up": "Hostname mismatch", "self-signed": "self-signed certificate",
    "no intermediate": "unable to get local issuer certificate", "small key": "EE certificate key too weak",
    "small key above": "CA certificate key too weak", "address": "Hostname mismatch",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "words"), BAD.items(), ids=BAD)
@pytest.mark.parametrize("newest", ["TLSv1_3", "TLSv1_1"])
async def test_a_bad_certificate_is_refused_or_recorded_with_the_reason(authority: Authority, kind: str, words: str, newest: str) -> None:
    context = authority.context(kind)
    version(context, "TLSv1", newest)
    anchors = authority.anchors(authority.root)
    with pytest.raises(FetchFailed) as caught:
        await ask(Peer(over_tls(context)), anchors, "verify")
    assert caught.value.reason == "tls"
    assert newest == "TLSv1_1" or f"{HOST}: certificate: {words}" in caught.value.detail
    tls = await ask(Peer(over_tls(context)), anchors, "record")
    assert (tls.version, tls.verified) == (newest.replace("_", "."), False)
    assert tls.reason.startswith(words)


@pytest.mark.parametrize("only", ["TLSv1", "TLSv1_1"])
async def test_versions_of_former_times_are_spoken_in_record_alone_and_their_certificates_verified(authority: Authority, only: str) -> None:
    context = authority.context("rsa")
    version(context, only, only)
    peer = Peer(over_tls(context))
    with pytest.raises(FetchFailed, match="no TLS version that is offered") as caught:
        await ask(peer, authority.anchors(authority.root), "verify")
    assert (caught.value.reason, peer.dials) == ("tls", 1)
    peer = Peer(over_tls(context))
    tls = await ask(peer, authority.anchors(authority.root), "record")
    assert (tls.version, tls.verified, tls.reason, peer.dials) == (only.replace("_", "."), True, "", 2)
    assert tls.cipher


def asks_for_ours(newest: str) -> Change:
    def change(context: ssl.SSLContext) -> None:
        context.verify_mode = ssl.CERT_REQUIRED
        version(context, "TLSv1_2", newest)

    return change


def nobodys(context: ssl.SSLContext) -> None:
    def refuse(*_: object) -> int:
        return ssl.AlertDescription.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    context.sni_callback = refuse


OURS = "the server asks for a client certificate"
BARS: dict[str, tuple[Change, str]] = {
    "client certificate, TLS 1.2": (asks_for_ours("TLSv1_2"), OURS),
    "client certificate, TLS 1.3": (asks_for_ours("TLSv1_3"), OURS),
    "name": (nobodys, "the server has no host of that name (alert unrecognized name)"),
}
RAW: dict[str, tuple[bytes, str]] = {
    "plain HTTP": (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "the server does not speak TLS (wrong version number)"),
    "HTTP/2 only": (alert(120), "the server speaks only HTTP/2 (no application protocol in common)"),
    "bad certificate": (alert(42), OURS),
    "certificate required": (alert(116), OURS),
    "internal error": (alert(80), "alert internal error from the server"),
    "no word": (b"", "handshake: the server ended the connection"),
    "half a record": (b"\x16\x03\x03\x00\x7a\x02\x00\x00", "handshake: the server ended the connection"),
    "goodbye": (bytes([21, 3, 3, 0, 2, 1, 0]), "the server ended the connection"),
    "another protocol": (b"SSH-2.0-OpenSSH_9.2\r\n", "the server does not speak TLS"),
}


async def barred(peer: Peer, authority: Authority, mode: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        await ask(peer, authority.anchors(authority.root), mode)
    failed = caught.value
    assert (failed.reason, failed.exchange, peer.dials) == ("tls", None, 1)
    assert "_" not in failed.detail
    assert ".c:" not in failed.detail
    raise failed


@pytest.mark.parametrize("mode", ["verify", "record"])
@pytest.mark.parametrize(("change", "words"), BARS.values(), ids=BARS)
async def test_what_no_trust_can_mend_fails_at_the_first_dial(authority: Authority, change: Change, words: str, mode: str) -> None:
    context = authority.context("rsa")
    change(context)
    with pytest.raises(FetchFailed) as caught:
        await barred(Peer(over_tls(context)), authority, mode)
    assert words in caught.value.detail


@pytest.mark.parametrize("mode", ["verify", "record"])
@pytest.mark.parametrize(("data", "words"), RAW.values(), ids=RAW)
async def test_what_is_no_handshake_fails_at_the_first_dial(authority: Authority, data: bytes, words: str, mode: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        await barred(Peer(says(data)), authority, mode)
    assert words in caught.value.detail


async def test_a_handshake_that_is_reset_says_so(authority: Authority) -> None:
    with pytest.raises(FetchFailed, match=f"{HOST}: handshake: Connection reset by peer"):
        await barred(Peer(says(b"\x16\x03\x03\x00\x7a\x02\x00\x00", reset=True)), authority, "record")


FRAMES = {
    "SETTINGS": (b"\0\0\6\4\0\0\0\0\0\0\3\0\0\0\x80", "the server speaks only HTTP/2"),
    "GOAWAY": (b"\0\0\x08\x07" + b"\0" * 12 + b"\1", "the server speaks only HTTP/2"),
    "TLS alert": (alert(70), "the server speaks TLS here"),
    "noise": (b"\0\0\6\4\0\1\0\0\0 and more", "no HTTP answer: "),
}


@pytest.mark.parametrize(("data", "words"), FRAMES.values(), ids=FRAMES)
async def test_an_answer_in_another_protocol_is_told_by_its_first_bytes(data: bytes, words: str) -> None:
    peer = Peer(says(data))
    client = Client(limits=Limits(connect=2, idle=1, total=3), connect_to=parse_connect_to(f"*:*=127.0.0.1:{peer.port}"))
    with pytest.raises(FetchFailed) as caught:
        await client.fetch(f"http://{HOST}/", max_bytes=1000)
    await client.close()
    peer.close()
    assert (caught.value.reason, words in caught.value.detail) == ("malformed", True)
    assert caught.value.exchange is not None
    assert caught.value.exchange.response.read() == data
