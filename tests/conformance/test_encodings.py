"""Charsets by the Encoding Standard: what is named and believed, and which signs the bytes are."""

import pytest

from crawler.parsers.encoding.charset import charset_decoded
from crawler.parsers.encoding.charset_labels import CODECS, codec_of
from crawler.parsers.encoding.codecs import decoded
from crawler.parsers.encoding.declared import declared

SIGNS = {
    "euc-jp": [
        ("ad a1 ad ea ad e2", "①㈱№"), ("a4 b3 f9 a1 fc fe a4 b3", "こ纊＂こ"), ("a1 c1 a1 dd a1 c2 a2 cc", "～－∥￢"), ("8f a2 b7 7e", "～~"),
        ("8e b1 8f b0 a1", "ｱ丂"), ("a4 3c", "\ufffd<"), ("8f a2 3c", "\ufffd<"), ("a9 a1 a4 b3", "\ufffdこ"), ("ff 80 a4 b3", "\ufffd\ufffdこ"),
        ("a4", "\ufffd"), ("d0 8f a2 b7 e8 0a", "\ufffd\ufffd\ufffd\n"),
    ],
    "gbk": [
        ("80 c4 e3", "€你"), ("a3 a0 a6 d9 a8 bc fe 59", "\u3000︐ḿ龴"), ("81 30 81 30 81 35 f4 37", "\x80\ue7c7"), ("ff 35 c4 e3", "\ufffd5你"),
        ("c4 3c", "\ufffd<"), ("81 30 81", "\ufffd"), ("81 30 3c", "\ufffd0<"), ("90 30 81 30", "\U00010000"),
    ],
    "big5": [
        ("a1 45 a1 4e a1 c2 a1 f2", "‧﹑¯⊕"), ("a2 41 a1 fe a2 42 a2 40", "∕／﹨＼"), ("87 7a 8e 69 a3 e1 fe dd", "㡵箸€砉"), ("88 62", "Ê\u0304"),
        ("81 a2 41", "\ufffdA"), ("a4 3c", "\ufffd<"), ("a4", "\ufffd"), ("ff 80 a4 a4", "\ufffd\ufffd中"),
    ],
    "koi8-u": [("ae be", "ўЎ")],
    "windows-1255": [("ca 81 d9", "\u05ba\x81\ufffd")],
    "windows-874": [("db 81 a1", "\ufffd\x81ก")],
    "windows-1253": [("aa 81", "\ufffd\x81")],
    "windows-1252": [("81 8d 80", "\x81\x8d€")],
    "shift_jis": [("87 40 fa 54", "①￢"), ("80 a0 fd ff", "\x80\ufffd\ufffd\ufffd"), ("81 3c", "\ufffd<"), ("f0 40", "\ue000"), ("fc fc 82 a0", "\ufffdあ")],
    "euc-kr": [("81 41 b0 a1", "갂가"), ("b0 3c", "\ufffd<"), ("c9 a1 b0 a1", "\ufffd가")],
    "iso-2022-jp": [
        ("1b 24 42 24 22 2d 21 1b 28 42 41", "あ①A"), ("1b 28 49 31 1b 28 4a 5c 7e", "ｱ¥‾"), ("1b 28 42 1b 28 42 41", "\ufffdA"),
        ("41 1b 41 0e", "A\ufffdA\ufffd"), ("1b 24 42 24 1b 28 42 41", "\ufffdA"), ("1b 24 42 24 0a 24 22", "\ufffdあ"),
    ],
    "macintosh": [("80 ca", "Ä\xa0")],
    "x-mac-cyrillic": [("80 ff", "А€")],
    "iso-8859-8-i": [("e0", "א")],
    "ibm866": [("80 ff", "А\xa0")],
}  # fmt: skip


@pytest.mark.parametrize(("label", "data", "text"), [(label, *case) for label, cases in SIGNS.items() for case in cases])
def test_signs_as_browsers_show_them(label: str, data: str, text: str) -> None:
    codec = codec_of(label)
    assert codec is not None
    assert decoded(bytes.fromhex(data), codec) == text


def test_every_label_of_the_standard_is_known() -> None:
    assert len(CODECS) == 228
    assert codec_of("\tX-CP1251\r\n ") == "cp1251"
    assert codec_of("cp1251\xa0") is codec_of("utf-7") is codec_of("") is None


PRESCAN = {
    b"<meta charset=windows-1251>": "cp1251",
    b"<META\nCHARSET = 'windows-1251'/>": "cp1251",
    b"<meta/charset=windows-1251>": "cp1251",
    b'<meta charset=windows-1251">': "",
    b"<meta charset=' windows-1251\t'>": "cp1251",
    b"<metacharset=windows-1251><meta-x charset=windows-1251>": "",
    b'<meta charset=""><meta charset=windows-1251>': "cp1251",
    b"<meta charset=bogus><meta charset=windows-1251>": "cp1251",
    b"<meta charset=bogus http-equiv=content-type content='a;charset=koi8-r'><meta charset=windows-1251>": "cp1251",
    b"<meta charset=windows-1251 charset=koi8-r>": "cp1251",
    b"<meta charset=utf-16le>": "utf-8",
    b"<meta charset=x-user-defined>": "cp1252",
    b"<meta content='text/html; charset=windows-1251' http-equiv=CONTENT-TYPE>": "cp1251",
    b"<meta http-equiv='content-type ' content='text/html; charset=windows-1251'>": "",
    b"<meta content='text/html; charset=windows-1251'>": "",
    b"<meta http-equiv=content-type content='charset windows-1251; charset = \"windows-1251\" x'>": "cp1251",
    b"<meta http-equiv=content-type content='text/html; charset=\"windows-1251'>": "",
    b"<meta http-equiv=content-type content='xcharset=windows-1251;charset=koi8-r'>": "cp1251",
    b'<meta http-equiv="Content-Type<meta charset="windows-1251">': "",
    b"<!--<meta charset=utf-8>--><meta charset=windows-1251>": "cp1251",
    b"<!--><meta charset=windows-1251>-->": "cp1251",
    b"<!-- > <meta charset=koi8-r> --!><meta charset=windows-1251>": "cp1251",
    b"<!-- <meta charset=windows-1251>": "",
    b"<!x <meta charset=koi8-r><meta charset=windows-1251>": "cp1251",
    b"<?x <meta charset=koi8-r?><meta charset=windows-1251>": "cp1251",
    b"</ <meta charset=koi8-r><meta charset=windows-1251>": "cp1251",
    b"</a <meta charset=koi8-r><meta charset=windows-1251>": "cp1251",
    b"<a title='<meta charset=koi8-r>' b=\"<meta charset=koi8-r>\"><meta charset=windows-1251>": "cp1251",
    b"<a b=c'><meta charset=windows-1251>'": "cp1251",
    b"<a title='>open <meta charset=windows-1251>": "cp1251",
    b"<b<meta charset=koi8-r><meta charset=windows-1251>": "cp1251",
    b"< meta charset=koi8-r><meta charset=windows-1251>": "cp1251",
    b"<script>'<meta charset=koi8-r>'</script ><meta charset=windows-1251>": "cp1251",
    b"<style><meta charset=koi8-r></styles></style><meta charset=windows-1251>": "cp1251",
    b"<title><meta charset=koi8-r></title><textarea><meta charset=koi8-r></textarea><meta charset=windows-1251>": "cp1251",
    b"<xmp><meta charset=koi8-r></xmp><iframe><meta charset=koi8-r></iframe><meta charset=windows-1251>": "cp1251",
    b"<plaintext><meta charset=koi8-r>": "",
    b"<script><meta charset=koi8-r>": "",
    b"<noscript><meta charset=windows-1251></noscript>": "cp1251",
    b"x" * 2000 + b"<meta charset=windows-1251>": "cp1251",
    b"<?xml version='1.0' encoding='windows-1251'?><html>": "cp1251",
    b"<?xml version='1.0' encoding='koi8-r'?><meta charset=windows-1251>": "cp1251",
}


@pytest.mark.parametrize("data", PRESCAN, ids=lambda data: str(data)[:60])
def test_the_meta_that_is_believed(data: bytes) -> None:
    assert (declared(b"<!DOCTYPE html>" * (not data.startswith(b"<?xml")) + data, []) or [""])[0] == PRESCAN[data]


HEADERS = {
    ("text/html; charset=koi8-r", "text/html; charset=windows-1251"): "cp1251",
    ("text/html; charset=koi8-r, text/html; charset=windows-1251",): "cp1251",
    ("text/html; charset=bogus", "text/html; charset=windows-1251"): "cp1251",
    ("text/html; charset=windows-1251", "text/html; charset=bogus"): "cp1251",
    ("text/html; charset=windows-1251, text/html",): "cp1251",
    ("text/html; charset=windows-1251; charset=koi8-r",): "cp1251",
    ('text/html;a="; charset=koi8-r, charset=koi8-r";CharSet="windows-1251"',): "cp1251",
    ("text/html; x-charset=koi8-r; charset=windows-1251",): "cp1251",
    ("text/html; charset=",): "",
    ("text/html; charset=none",): "",
}


@pytest.mark.parametrize("values", HEADERS, ids=str)
def test_the_content_type_that_is_believed(values: tuple[str, ...]) -> None:
    assert (declared(b"", [("Content-Type", value) for value in values]) or [""])[0] == HEADERS[values]


def test_a_document_of_xml_believes_its_declaration_first() -> None:
    data = b"<?xml version='1.0' encoding='koi8-r'?><meta charset='windows-1251'/>"
    assert declared(data, [("Content-Type", "application/xhtml+xml")]) == ["koi8-r", "cp1251"]
    assert declared(data, [("Content-Type", "text/html")]) == ["cp1251", "koi8-r"]


def test_a_label_that_nobody_reads_is_told_and_passed_over() -> None:
    text, problems = charset_decoded("<meta charset=iso-2022-cn><p>Größe".encode(), [("Content-Type", "text/html; charset=replacement")])
    assert text.endswith("Größe")
    assert problems == ["charset: one is named that cannot be read"]


def test_a_mark_goes_before_all_that_is_named() -> None:
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert charset_decoded(mark + "<meta charset=koi8-r>Ж".encode(codec), [("Content-Type", "text/html; charset=koi8-r")])[0][-1] == "Ж"
