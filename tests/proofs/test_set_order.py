"""Certificates in a timestamp in the order of DER; anything else as it came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.proofs.set_order import with_sorted_certificates


def value(tag: int, data: bytes) -> bytes:
    length = bytes([len(data)]) if len(data) < 128 else b"\x82" + len(data).to_bytes(2)
    return bytes([tag]) + length + data


def answer(*certificates: bytes) -> bytes:
    signed = value(0x30, value(2, b"\3") + value(0x31, b"") + value(0x30, b"") + value(0xA0, b"".join(certificates)) + value(0x31, b""))
    return value(0x30, value(0x30, value(2, b"\0")) + value(0x30, value(6, b"x") + value(0xA0, signed)))


def test_certificates_are_sorted_by_their_bytes() -> None:
    long, short, other = value(0x30, b"a" * 300), value(0x30, b"b" * 20), value(0x30, b"a" * 20)
    assert with_sorted_certificates(answer(long, short, other)) == answer(other, short, long)
    assert with_sorted_certificates(answer(other, short, long)) == answer(other, short, long)


@given(st.binary(max_size=60))
def test_anything_else_comes_back_as_it_is_or_in_its_length(data: bytes) -> None:
    assert len(with_sorted_certificates(data)) == len(data)


@given(st.integers(min_value=0, max_value=300))
def test_an_answer_that_is_cut_off_is_left_alone(end: int) -> None:
    whole = answer(value(0x30, b"b" * 200), value(0x30, b"a" * 200))
    assert len(with_sorted_certificates(whole[:end])) == end
