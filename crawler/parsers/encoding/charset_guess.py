"""Guess of a charset by the most frequent letters and signs of each language."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence, Set
from itertools import pairwise

from attrs import frozen

from crawler.parsers.encoding.charset_labels import READ_AS

SAMPLE_BYTES = 48 * 1024
"""Looked at, from shortly before the first byte that is not ASCII."""
MIN_FOREIGN = 4
"""Signs beyond ASCII below which a text tells nothing."""
MIN_DOUBT = 6
"""Signs beyond ASCII from which on the letters of a language speak against another Latin charset."""
DENSE = 0.5
"""Share of the letters that are beyond ASCII in a text that is not Latin."""
TELLING = 0.3
"""Share of the signs beyond ASCII that are letters of an Eastern charset alone, which makes it certain."""
HARDLY_TELLING = 0.04
"""The same where all languages that the small words tell were written in that charset."""
UNLIKELY = 2
"""How much more a sign that speaks against a codec weighs than one that speaks for it."""
BROKEN = 0.08
"""Share of the signs beyond ASCII that a codec may have none for: broken bytes."""
MIN_CERTAIN = 40
"""Below that they do not speak against a charset that is named."""
NATIVE = 0.6
"""Share of the letters beyond ASCII that stand beside another such letter, from which on the script is not Latin."""

_LANGUAGE = re.compile(rb"""<html\b[^>]{0,500}?\blang\s*=\s*["']?\s*([a-z]{2,3})\b""", re.IGNORECASE)
_ASCII_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]+(?![A-Za-z\x80-\xff])")
_LETTERS = re.compile(rb"[A-Za-z\x80-\xff]+")
_CODE = re.compile(rb"<(?:(/)(?:script|style)|script|style)\b", re.IGNORECASE)
_LATIN_CODECS = frozenset(
    ("cp1252", "iso8859-1", "iso8859-15", "iso8859-2", "cp1250", "cp1254", "iso8859-9", "cp1257", "iso8859-13", "iso8859-4")
)
_FOREIGN = re.compile(rb"[\x80-\xff]")
_MARKUP = re.compile(rb"<[^<>]{0,2000}>")
_KANA = "".join(map(chr, [*range(0x3041, 0x3097), *range(0x30A1, 0x30F7), 0x30FC, 0x3001, 0x3002]))
_SIMPLE = (
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于，。、"
)
_FULL = "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可里後小麼心多天而能好都然沒日於，。、"


@frozen
class _Script:
    """The signs that a language uses most, and the codecs it was written in."""

    codecs: tuple[str, ...]
    languages: tuple[str, ...]
    signs: frozenset[str]
    order: str
    """The same, the commonest first, where that is known."""
    enough: float
    """Share of the signs beyond ASCII that these are in an ordinary text: half of what is usual."""


def _script(codecs: str, languages: str, signs: str, enough: float) -> _Script:
    return _Script(tuple(codecs.split()), tuple(languages.split()), frozenset(signs), signs, enough)


_MANY_BYTES = (
    _script("cp932 euc-jp", "ja", _KANA, 0.25),
    _script("gb18030", "zh", _SIMPLE, 0.12),
    _script("big5hkscs", "zh", _FULL, 0.12),
    _script("cp949", "ko", "이다의는에을가한로하고지은를기사도자인서시대리해일과나정스어그들보수전제부장으조", 0.25),
)  # fmt: skip
_RUSSIAN, _GREEK = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщъэфёіїєґўјљњћђџ", "αοιετσνρκπυλμςηδγθχφωβέάίόήύώ"
_NATIVE = (
    _script("cp1251 koi8-r koi8-u iso8859-5 cp866 mac-cyrillic", "ru uk bg sr mk be kk", _RUSSIAN, 0.6),
    _script("cp1253 iso8859-7", "el", _GREEK, 0.6),
    _script("cp1255 iso8859-8", "he yi", "יולאהמרתבשנדקעחכפםגסטצזןךץף", 0.6),
    _script("cp1256 iso8859-6", "ar fa ur ps", "اليمنروتبدعسفةكحقهجشصطىخذأإئضكغزظثآءؤیپچژگ", 0.6),
    _script("cp874", "th", "านรอกเงมยลวดทสตะปคหแจพชขใบไผซ่้ัีุูิืโถ็์ำศธณภ", 0.6),
)  # fmt: skip
_LATIN = (
    _script("cp1252", "en de fr es it pt nl sv da no nb fi is ca gl eu", "éèêëàâäáãçñóòôöõúùûüíìîïßøåæœÉÈÀÁÄÖÜÅØÇÑÓÍ«»“”’‘„–—…€ ©°·", 0.45),
    _script("cp1250 iso8859-2", "pl", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–— ©", 0.5),
    _script("cp1250 iso8859-2", "cs", "ěščřžýáíéůúňťďóŠČŘŽÝÁÍÉÚ„“–— ©", 0.5),
    _script("cp1250 iso8859-2", "sk", "ščžýáíéúňťďľĺŕäôóŠČŽÝÁÍÉÚĽ„“–— ©", 0.5),
    _script("cp1250 iso8859-2", "hu", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ„”–— ©", 0.5),
    _script("cp1250 iso8859-2", "ro sq", "ăâîşţÎŞŢ„”–— ©", 0.5),
    _script("cp1250 iso8859-2", "hr sl bs sr", "čćžšđČĆŽŠĐ„“”–— ©", 0.5),
    _script("cp1254", "tr az", "ğışçöüİĞŞÇÖÜâîû’‘“”–… ©", 0.5),
    _script("cp1258", "vi", "ăâđêôơưáàéèíóòúùâêôĂÂĐÊÔƠƯ\u0300\u0301\u0303\u0309\u0323 “”–", 0.6),
    _script("cp1257 iso8859-13", "lt lv et", "ąčęėįšųūžāēģīķļņõäöüĄČĘĖĮŠŲŪŽĀĒĪ„“”–— ©", 0.5),
)  # fmt: skip
_KNOWN_LANGUAGES = frozenset(language for script in (*_MANY_BYTES, *_NATIVE, *_LATIN) for language in script.languages) - {"en"}
_TELLING = {
    "cp1250": frozenset("ěčřůńťďľąćęłśźżőűăşţđŁŚŻŹČŘ"), "iso8859-2": frozenset("ěčřůńťďľąćęłśźżőűăşţđŁŚŻŹČŘ"),
    "cp1254": frozenset("ğışİĞŞ"), "cp1258": frozenset("ăđơưĐƠƯ\u0300\u0301\u0303\u0309\u0323"),
    "iso8859-13": frozenset("ąčęėįųūāēģīķļņĄČĘĖĮŲŪĀĒĪ"),
    "cp1257": frozenset("ąčęėįųūāēģīķļņĄČĘĖĮŲŪĀĒĪ"),
}  # fmt: skip
"""Letters of these that the Western charset has others in place of."""


def guessed(data: bytes) -> str | None:
    """Guess the codec of a text; None if its letters do not tell.

    Args:
        data: Bytes of a page that are not UTF-8.
    """
    if b"\x1b$" in data[:SAMPLE_BYTES]:
        return "iso2022-jp"
    sample = _sample(data)
    if _FOREIGN.search(sample) is None:
        return None
    named = language_hint(data)
    return _of_many_bytes(sample, named) or _of_one_byte(sample, named)


def doubted(data: bytes, codec: str) -> str | None:
    """Look for the codec that is meant where a Latin one is named.

    Another script stands in runs of bytes beyond ASCII. Another Latin charset is told by the language of the small words, if most of
    the bytes beyond ASCII are letters that the one named has other signs for.
    """
    sample = _sample(data)
    count = len(_FOREIGN.findall(sample))
    if codec not in _LATIN_CODECS or count < MIN_DOUBT:
        return None
    if not _is_native(sample):
        return _other_latin(sample, codec)
    found = _of_many_bytes(sample, "") or _best_of(sample, _NATIVE, ())[1]
    return found if found and count >= MIN_CERTAIN and (fits(data, found) or 0) >= 1 else None


def _other_latin(sample: bytes, codec: str) -> str | None:
    scripts = _latin(_word_languages(sample))
    own = any(READ_AS.get(codec, codec) in script.codecs for script in scripts)
    if own or (codec in _TELLING and _telling(sample, codec)):
        return None
    best, found = _best_of(sample, scripts, ())
    some = len({script.codecs for script in scripts}) == 1
    return found if found and best >= 1 and _telling(sample, found, HARDLY_TELLING if some else TELLING) else None


def _word_languages(sample: bytes) -> frozenset[str]:
    """The languages of a text by its small words in ASCII, whatever its charset."""
    from crawler.parsers.languages.language import languages_by_words

    return languages_by_words(b" ".join(_ASCII_WORD.findall(sample)).decode("ascii"))


def _is_native(sample: bytes) -> bool:
    """Test for a script that is not Latin: letters beyond ASCII side by side."""
    return _beside(sample) >= NATIVE and len(_FOREIGN.findall(sample)) >= DENSE * sum(map(len, _LETTERS.findall(sample)))


def language_hint(data: bytes) -> str:
    """The language of the page's root element, two or three letters, or empty."""
    found = _LANGUAGE.search(data[:16_384])
    return found[1].decode("ascii").lower() if found else ""


def fits(data: bytes, codec: str) -> float | None:
    """Measure the fit of a codec by the commonest signs of its languages.

    Returns:
        1 and above for a good fit; None for an unknown codec or a text that is too short.
    """
    sample, codec = _sample(data), READ_AS.get(codec, codec)
    scripts = [script for script in (*_MANY_BYTES, *_NATIVE) if codec in script.codecs]
    if not scripts or len(_FOREIGN.findall(sample)) < MIN_CERTAIN:
        return None
    return max(_share(sample, codec, script.signs) / script.enough for script in scripts)


def _sample(data: bytes) -> bytes:
    first = _FOREIGN.search(data)
    start = max(0, first.start() - 200) if first else 0
    return _MARKUP.sub(b" ", _without_code(data[start : start + SAMPLE_BYTES]))


def _without_code(data: bytes) -> bytes:
    """Bytes of a page without scripts and styles, one open at the start too."""
    out: list[bytes] = []
    at, inside = 0, (first := _CODE.search(data)) is not None and first[1] is not None
    for found in _CODE.finditer(data):
        if not inside:
            out.append(data[at : found.start()])
        at, inside = found.end(), not found[1]
    return b" ".join([*out, b"" if inside else data[at:]])


def _of_many_bytes(sample: bytes, hint: str) -> str | None:
    best: tuple[float, str] | None = None
    for script in _MANY_BYTES:
        for codec in script.codecs:
            found = _share(sample, codec, script.signs) / script.enough * (1.5 if hint in script.languages else 1)
            if found >= 1 and (best is None or found > best[0]):
                best = (found, codec)
    return best[1] if best else None


def _of_one_byte(sample: bytes, hint: str) -> str | None:
    if _is_native(sample):
        best, codec = _best_of(sample, _NATIVE, [script for script in _NATIVE if hint in script.languages])
        return codec if best >= 1 or hint else None
    if hint in _KNOWN_LANGUAGES:
        return _best_of(sample, [script for script in _LATIN if hint in script.languages], ())[1]
    # A template may say `en` of every page.
    if hinted := _latin(_word_languages(sample) or {hint}):
        return _best_of(sample, hinted, ())[1]
    best, codec = _best_of(sample, _LATIN, ())
    return codec if codec and best >= 1 and len(_FOREIGN.findall(sample)) >= MIN_FOREIGN and _telling(sample, codec) else None


def _best_of(sample: bytes, scripts: Sequence[_Script], hinted: Sequence[_Script]) -> tuple[float, str | None]:
    """The codec that fits best, and its fit; of equals the first, the commoner one."""
    best, codec = (0.0, 0.0), None
    for script in scripts:
        for name in script.codecs:
            fit = _share(sample, name, script.signs) / script.enough
            # Where two scripts have letters for all bytes, one has its rarest: the signs are in the order of their frequency.
            rank = 0.0 if fit < 1 else _rank(sample, name, script) * (1.3 if script in hinted else 1) if script in _NATIVE else 1.0
            if (found := (rank, fit)) > best:
                best, codec = found, name
    return best[1], codec


def _rank(sample: bytes, codec: str, script: _Script) -> float:
    """The mean weight of the signs beyond ASCII: 1 for the commonest, 0 for others."""
    text = codecs.getincrementaldecoder(codec)("replace").decode(sample).lower()
    foreign = [sign for sign in text if sign > "\x7f"]
    size = len(script.order)
    return sum(1 - place / size for sign in foreign if (place := script.order.find(sign)) >= 0) / max(1, len(foreign))


def _latin(languages: Set[str]) -> list[_Script]:
    """The Latin scripts in the charsets of some languages: words do not tell neighbours apart."""
    charsets = {script.codecs for script in _LATIN if not languages.isdisjoint(script.languages)}
    return [script for script in _LATIN if script.codecs in charsets]


def _telling(sample: bytes, codec: str, enough: float = TELLING) -> bool:
    """Test for letters of an Eastern charset's own, which make it certain."""
    signs = _TELLING.get(codec)
    return signs is None or _share(sample, codec, signs) >= enough


def _beside(sample: bytes) -> float:
    """The share of the bytes beyond ASCII that have another on either side."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    return sum(len(run) for run in runs if len(run) > 1) / max(1, sum(map(len, runs)))


def _share(sample: bytes, codec: str, signs: frozenset[str]) -> float:
    """The share of these signs among those beyond ASCII, less what speaks against the codec.

    That are bytes it has no sign for, and capitals behind small letters.
    """
    text = codecs.getincrementaldecoder(codec)("replace").decode(sample)
    foreign = [sign for sign in text if sign > "\x7f"]
    if not foreign or foreign.count("\ufffd") > BROKEN * len(foreign):
        return 0.0
    lost = foreign.count("\ufffd") + sum(a.islower() and b.isupper() for a, b in pairwise(text) if a > "\x7f" and b > "\x7f")
    return max(0.0, (sum(sign in signs for sign in foreign) - UNLIKELY * lost) / len(foreign))
