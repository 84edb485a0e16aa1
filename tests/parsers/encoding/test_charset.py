"""Charsets: named rightly, wrongly, late, in odd words, or not at all; and broken bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.encoding.charset import charset_decoded
from crawler.parsers.encoding.charset_labels import CODECS, REPLACEMENT, codec_of

TEXTS = {
    "ru": "Старый разводной мост останется открытым до конца марта, решил городской совет на вечернем заседании. Жители довольны: мост нужен рыбакам и школьникам.",
    "uk": "Старий розвідний міст залишиться відкритим до кінця березня, вирішила міська рада на вечірньому засіданні. Мешканці задоволені, бо міст їм потрібен щодня.",
    "el": "Η παλιά γέφυρα θα μείνει ανοιχτή μέχρι το τέλος του Μαρτίου, αποφάσισε το δημοτικό συμβούλιο στη βραδινή του συνεδρίαση. Οι κάτοικοι είναι ευχαριστημένοι.",
    "he": "הגשר הישן יישאר פתוח עד סוף חודש מרץ, כך החליטה מועצת העיר בישיבתה אמש. התושבים מרוצים מן ההחלטה ומבקשים גם לתקן את המזח הישן.",
    "ar": "قرر مجلس المدينة أن يبقى الجسر القديم مفتوحا حتى نهاية شهر مارس، بعد نقاش دام أربع ساعات. وقال السكان إنهم راضون عن القرار لأنهم يحتاجون إلى الجسر كل يوم.",
    "th": "สภาเมืองตัดสินใจให้สะพานเก่าเปิดใช้งานต่อไปจนถึงสิ้นเดือนมีนาคม หลังการอภิปรายนานสี่ชั่วโมง ชาวบ้านพอใจกับการตัดสินใจครั้งนี้",
    "zh": "经过四个小时的辩论，市议会决定老旧的旋转桥到三月底仍然可以通车。居民对这个决定感到满意，因为他们每天都要过桥去上班和上学。",
    "zt": "經過四個小時的辯論，市議會決定老舊的旋轉橋到三月底仍然可以通車。居民對這個決定感到滿意，因為他們每天都要過橋去上班和上學。",
    "ja": "市議会は四時間の議論の末、古い旋回橋を三月末まで通れるようにすることを決めた。住民は毎日この橋を渡って仕事や学校に行くので、決定を喜んでいる。",
    "ko": "시의회는 네 시간의 토론 끝에 오래된 다리를 삼월 말까지 열어 두기로 결정했다. 주민들은 매일 이 다리를 건너 일터와 학교에 가기 때문에 결정을 반기고 있다.",
    "pl": "Rada miasta zdecydowała po czterech godzinach dyskusji, że stary most obrotowy pozostanie otwarty do końca marca. Mieszkańcy są zadowoleni, bo łącznie co dzień przejeżdża nim tysiąc osób, także żeglarze.",
    "cs": "Městská rada po čtyřech hodinách rozhodla, že starý otočný most zůstane otevřený až do konce března. Obyvatelé jsou spokojeni, protože přes něj každý den chodí do práce a děti do školy.",
    "hu": "A városi tanács négyórás vita után úgy döntött, hogy a régi forgóhíd március végéig nyitva marad. A lakók elégedettek, mert minden nap átkelnek rajta, és a hajósok is örülnek az új időpontnak: őszig nem változik.",
    "tr": "Belediye meclisi dört saat süren tartışmanın ardından eski döner köprünün mart sonuna kadar açık kalmasına karar verdi. Halk memnun, çünkü köprüyü her gün işe ve okula giderken kullanıyor, dedi başkan Işık.",
    "lt": "Miesto taryba po keturių valandų ginčų nusprendė, kad senasis pasukamas tiltas liks atviras iki kovo pabaigos. Gyventojai patenkinti, nes kasdien juo važiuoja į darbą ir mokyklą, sakė mero pavaduotoja Žemaitė.",
    "de": "Der Stadtrat hat nach vierstündiger Debatte beschlossen, daß die alte Drehbrücke bis Ende März geöffnet bleibt. Die Bürger sind zufrieden, weil täglich Schüler und Fischhändler darüber müssen.",
    "fr": "Après quatre heures de débat, le conseil a décidé que le vieux pont tournant restera ouvert jusqu'à la fin du mois de mars. Les habitants sont satisfaits, car ils y passent chaque jour pour aller à l'école.",
}  # fmt: skip


def page(language: str, head: str = "", lang: bool = True) -> str:
    return f"<!doctype html><html{f' lang={language}' if lang else ''}><head>{head}<title>x</title></head><body><h1>x</h1><p>{TEXTS[language]}</p></body></html>"


def decoded(data: bytes, kind: str | None = "text/html") -> tuple[str, list[str]]:
    return charset_decoded(data, [("Content-Type", kind)] if kind is not None else [])


UNDECLARED = [
    ("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "iso8859-5"), ("ru", "cp866"), ("uk", "cp1251"), ("el", "cp1253"), ("he", "cp1255"), ("ar", "cp1256"), ("ar", "iso8859-6"), ("th", "cp874"),
    ("zh", "gb18030"), ("zh", "gbk"), ("zt", "big5"), ("ja", "cp932"), ("ja", "euc-jp"), ("ja", "iso2022-jp"), ("ko", "cp949"),
]  # fmt: skip


@pytest.mark.parametrize("lang", [True, False])
@pytest.mark.parametrize(("language", "codec"), UNDECLARED)
def test_a_charset_of_another_script_is_found_without_a_word(language: str, codec: str, lang: bool) -> None:
    text = page(language, lang=lang)
    if codec == "iso8859-6":
        text = text.replace("\u060c", ",")
    found, problems = decoded(text.encode(codec, "replace"))
    assert found == text.encode(codec, "replace").decode(codec)
    assert codec == "iso2022-jp" or problems


@pytest.mark.parametrize(("language", "codec"), [("pl", "cp1250"), ("pl", "iso8859-2"), ("cs", "cp1250"), ("hu", "cp1250"), ("tr", "cp1254"), ("lt", "cp1257"), ("de", "cp1252"), ("fr", "cp1252")])
def test_a_latin_charset_is_found_with_the_language_named(language: str, codec: str) -> None:
    assert decoded(page(language).encode(codec))[0] == page(language)


@pytest.mark.parametrize(("language", "codec"), [("pl", "cp1250"), ("cs", "cp1250"), ("tr", "cp1254"), ("de", "cp1252"), ("fr", "cp1252")])
def test_a_latin_charset_is_found_by_its_letters_alone(language: str, codec: str) -> None:
    assert decoded(page(language, lang=False).encode(codec))[0] == page(language, lang=False)


@pytest.mark.parametrize("language", TEXTS)
def test_utf8_with_a_broken_byte_or_cut_within_a_letter_stays_utf8(language: str) -> None:
    whole = page(language)
    data = whole.encode()
    broken, problems = decoded(data.replace(b"<p>", b"<p>\xff", 1))
    assert broken == whole.replace("<p>", "<p>\ufffd", 1)
    assert problems == ["charset: broken bytes in utf-8"]
    at = next(n for n in range(len(data) - 1, 0, -1) if data[n] >= 0x80)
    assert decoded(data[:at])[0].rstrip("\ufffd") == data[:at].decode("utf-8", "ignore")


@pytest.mark.parametrize(
    "head",
    [
        "<meta charset=windows-1251>",
        "<META CHARSET = 'Windows-1251' />",
        "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>",
        '<meta content="text/html;charset=cp1251" http-equiv="content-type">',
        "<!-- <meta charset=utf-8> --><meta charset=windows-1251>",
        "<script>document.write('<meta charset=koi8-r>')</script><meta charset=x-cp1251>",
        "<title><meta charset=koi8-r></title><meta charset=x-cp1251>",
        "<meta name=description content='<meta charset=utf-8>'><meta charset=windows-1251>",
        "<meta charset=bogus><meta charset=windows-1251>",
        "<meta name=x content='charset=koi8-r'><meta charset=windows-1251>",
        f"<script>/*{'x' * 9000}*/</script><meta charset=windows-1251>",
        f"<style>{'a{b:c}' * 20000}</style><meta charset=windows-1251>",
        "".join(f"<meta name=k{n} content=v>" for n in range(900)) + "<meta charset=windows-1251>",
    ],
)
def test_the_label_that_browsers_believe(head: str) -> None:
    # Too short a text to be guessed: the label alone decides.
    text = f"<html><head>{head}</head><p>Мост</p>"
    assert decoded(text.encode("cp1251")) == (text, [])


@pytest.mark.parametrize(
    ("kind", "head", "codec", "problem"),
    [
        ("text/html; charset=windows-1251", "<meta charset=utf-8>", "cp1251", None),
        ('text/html; charset="windows-1251"', "", "cp1251", None),
        ("text/html; charset=utf8mb4", "<meta charset=utf-8>", "utf-8", None),
        ("text/html; charset=bogus, text/html; charset=windows-1251", "", "cp1251", None),
        ("text/html; charset=utf-8", "<meta charset=windows-1251>", "cp1251", "bytes"),
        ("text/html; charset=utf-8", "", "cp1251", "utf-8 named, windows-1251 found"),
        ("text/html; charset=iso-8859-1", "<meta charset=utf-8>", "utf-8", "windows-1252 named, is utf-8"),
        ("text/html; charset=iso-8859-1", "<meta charset=windows-1251>", "cp1251", "windows-1252 named, windows-1251 found"),
        ("text/html", "<meta charset=iso-8859-1>", "utf-8", "windows-1252 named, is utf-8"),
        ("text/html", "<meta charset=windows-1251>", "koi8-r", "windows-1251 named, koi8-r found"),
        ("text/html", "<meta charset=koi8-r>", "cp1251", "koi8-r named, windows-1251 found"),
        ("text/html", "<meta charset=unicode>", "utf-8", None),
        ("text/html; charset=utf-16", "", "utf-8", None),
        ("text/html; charset=utf-16le", "", "utf-16-le", None),
        ("text/html; charset=unicode", "", "utf-16-le", None),
        ("text/html", "", "utf-16-be", None),
        (None, "", "utf-8", None),
        ("text/html; charset=windows-1251", "", "utf-8-sig", None),
        ("text/html; charset=utf-7", "", "utf-8", None),
        ("text/html; charset=x-user-defined", "", "utf-8", "is utf-8"),
    ],
)
def test_names_against_bytes(kind: str | None, head: str, codec: str, problem: str | None) -> None:
    text = page("ru", head)
    found, problems = decoded(text.encode(codec), kind)
    assert found == text
    assert (problem in " ".join(problems)) if problem and problem != "bytes" else True
    assert bool(problems) <= (problem is not None)


def test_an_xml_declaration_names_it() -> None:
    text = f'<?xml version="1.0" encoding="windows-1256"?><html xmlns="x"><p>{TEXTS["ar"]}</p></html>'
    assert decoded(text.encode("cp1256"), None) == (text, [])


def test_signs_that_pythons_codecs_lack() -> None:
    assert decoded(b"\xad\xa1\xad\xea\xad\xe2\xa4\xb3 \xb0\xa1", "text/html; charset=euc-jp")[0] == "①㈱№こ 亜"
    assert decoded(b"\x80 \xc4\xe3", "text/html; charset=gbk")[0] == "€ 你"
    assert decoded(b"\xae\xbe", "text/html; charset=koi8-u")[0] == "ўЎ"
    assert decoded(b"caf\xe9 \x81\x8d", "text/html; charset=iso-8859-1")[0] == "café \x81\x8d"
    assert decoded("①".encode("cp932"), "text/html; charset=shift_jis")[0] == "①"


def test_every_label_of_the_standard_reads_text() -> None:
    assert len(CODECS) >= 220
    assert all("A".encode(codec).decode(codec) == "A" for codec in CODECS.values() if codec != REPLACEMENT)
    assert codec_of(" UTF8 ") == "utf-8"
    assert codec_of("utf-7") is codec_of("rot13") is codec_of("idna") is None


@given(st.binary(max_size=600), st.sampled_from([None, "text/html", *(f"text/html; charset={label}" for label in CODECS)]))
def test_any_bytes_are_decoded(data: bytes, kind: str | None) -> None:
    text, _ = decoded(b"<html>\xe4" + data, kind)
    assert isinstance(text, str)
    text.encode("utf-8", "surrogatepass")
