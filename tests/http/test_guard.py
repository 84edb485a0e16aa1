"""Addresses that may be connected to, and the settings that say more."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import FetchFailed, SetupError
from crawler.http.address_guard import Guard, is_public, parse_addresses, parse_connect_to
from crawler.http.request import target_of


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1", "192.168.1.1", "198.18.0.1", "203.0.113.5", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1",
        "2001::1", "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::", "3fff::1", "4000::1", "fc00::1", "fd12::1", "fe80::1",
        "fe80::1%eth0", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=200)
def test_an_embedded_address_is_judged_like_itself(number: int) -> None:
    plain = IPv4Address(number)
    for base in (0xFFFF << 32, 0x64FF9B << 96):
        assert is_public(IPv6Address(base | number)) == is_public(plain)
    assert is_public(IPv6Address((0x2002 << 112) | (number << 80) | 1)) == is_public(plain)


def test_exemption_is_of_address_and_port() -> None:
    guard = Guard(exempt=parse_addresses("127.0.0.1:8900, [::1]:80"))
    assert guard.allows(ip_address("127.0.0.1"), 8900)
    assert guard.allows(ip_address("::1"), 80)
    assert not guard.allows(ip_address("127.0.0.1"), 80)
    assert not guard.allows(ip_address("127.0.0.2"), 8900)
    assert not guard.allows(ip_address("8.8.8.8"), 8900)
    assert guard.allows(ip_address("8.8.8.8"), 443)


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "router", "printer.local", "db.internal", "10.0.0.1", "::1"])
def test_names_of_here_are_refused_behind_a_proxy(host: str) -> None:
    with pytest.raises(FetchFailed, match="guard"):
        Guard().check_name(host, 80)


def test_names_behind_a_proxy() -> None:
    Guard().check_name("www.presstv.ir", 443)
    Guard().check_name("expyuzz4wqqyqhjn.onion", 80)
    with pytest.raises(FetchFailed, match="port 22"):
        Guard().check_name("www.presstv.ir", 22)


def test_connect_to() -> None:
    table = parse_connect_to("A.example:443=127.0.0.1:1,a.example:*=127.0.0.1:2,[2606::1]:80=[::1]:3,*:80=127.0.0.1:4")
    assert table.get("a.example", 443) == (ip_address("127.0.0.1"), 1)
    assert table.get("a.example", 80) == (ip_address("127.0.0.1"), 2)
    assert table.get("2606::1", 80) == (ip_address("::1"), 3)
    assert table.get("b.example", 80) == (ip_address("127.0.0.1"), 4)
    assert table.get("b.example", 443) is None
    assert parse_connect_to(None).get("a.example", 80) is None
    assert parse_connect_to(["a.example:80=127.0.0.1:9"]).get("a.example", 80) == (ip_address("127.0.0.1"), 9)


@pytest.mark.parametrize(
    "piece", ["a.example", "a:80", "a:80=b:80", "a:80=127.0.0.1", "a:80=127.0.0.1:0", "a:x=127.0.0.1:1", "a:80=::1:80", "a:80=[::1:80"]
)
def test_bad_connect_to_names_the_piece(piece: str) -> None:
    with pytest.raises(SetupError) as caught:
        parse_connect_to(f"good:80=127.0.0.1:1,{piece}")
    assert repr(piece) in str(caught.value)
    assert "ARCHIVE_CONNECT_TO" in str(caught.value)


@pytest.mark.parametrize("piece", ["127.0.0.1", "localhost:80", "::1:80", "127.0.0.1:99999", "127.0.0.1:\u0660"])
def test_bad_address_names_the_piece(piece: str) -> None:
    with pytest.raises(SetupError) as caught:
        parse_addresses(piece)
    assert repr(piece) in str(caught.value)


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("https://Www.PressTV.ir:443//Detail?a#b", "www.presstv.ir", "//Detail?a"),
        ("http://[2606:4700::1]:8080", "[2606:4700::1]:8080", "/"),
        ("http://a.example/x?", "a.example", "/x?"),
        ("http://a.example?q", "a.example", "/?q"),
        ("http://a.example/\u0641?\xe9", "a.example", "/%D9%81?%C3%A9"),
    ],
)
def test_target(url: str, authority: str, path: str) -> None:
    target = target_of(url)
    assert (target.authority, target.path) == (authority, path)


@given(st.text(max_size=40).map("http://a.example/".__add__))
@settings(max_examples=300)
def test_a_target_is_one_request_line(url: str) -> None:
    try:
        target = target_of(url)
    except FetchFailed as failure:
        assert failure.reason == "bad-url"  # noqa: PT017 - either way is right
        return
    line = f"GET {target.path} HTTP/1.1"
    assert line.isascii()
    assert len(line.split()) == 3
