"""Guess of a charset by the most frequent letters and signs of each language."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from attrs import frozen

from crawler.parsers.encoding.charset_labels import READ_AS

SAMPLE_BYTES = 48 * 1024
"""Looked at, from shortly before the first byte that is not ASCII."""
MIN_FOREIGN = 4
"""Signs beyond ASCII below which a text tells nothing."""
MIN_CERTAIN = 40
"""Below that they do not speak against a charset that is named."""
NATIVE = 0.6
"""Share of the letters beyond ASCII that stand beside another such letter, from which on the script is not Latin."""

_LANGUAGE = re.compile(rb"""<html\b[^>]{0,500}?\blang\s*=\s*["']?\s*([a-z]{2,3})\b""", re.IGNORECASE)
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
    enough: float
    """Share of the signs beyond ASCII that these are in an ordinary text: half of what is usual."""


def _script(codecs: str, languages: str, signs: str, enough: float) -> _Script:
    return _Script(tuple(codecs.split()), tuple(languages.split()), frozenset(signs), enough)


_MANY_BYTES = (
    _script("cp932 euc-jp", "ja", _KANA, 0.25),
    _script("gb18030", "zh", _SIMPLE, 0.12),
    _script("big5hkscs", "zh", _FULL, 0.12),
    _script("cp949", "ko", "이다의는에을가한로하고지은를기사도자인서시대리해일과나정스어그들보수전제부장으조", 0.25),
)  # fmt: skip
_RUSSIAN, _GREEK = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщіїєґў", "αοιετσνρκπυλμςηδγθχφωβέάίόήύώ"
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
    _script("cp1250 iso8859-2", "cs sk", "ěščřžýáíéůúňťďľĺäôóŠČŘŽÝÁÍÉÚ„“–— ©", 0.5),
    _script("cp1250 iso8859-2", "hu", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ„”–— ©", 0.5),
    _script("cp1250 iso8859-2", "ro sq", "ăâîşţÎŞŢ„”–— ©", 0.5),
    _script("cp1250 iso8859-2", "hr sl bs sr", "čćžšđČĆŽŠĐ„“”–— ©", 0.5),
    _script("cp1254", "tr az", "ğışçöüİĞŞÇÖÜâîû’‘“”–… ©", 0.5),
    _script("cp1257 iso8859-13", "lt lv et", "ąčęėįšųūžāēģīķļņõäöüĄČĘĖĮŠŲŪŽĀĒĪ„“”–— ©", 0.5),
)  # fmt: skip
_TELLING = {
    "cp1250": frozenset("ěčřůńťďľąćęłśźżőűăşţđŁŚŻŹČŘ"), "iso8859-2": frozenset("ěčřůńťďľąćęłśźżőűăşţđŁŚŻŹČŘ"),
    "cp1254": frozenset("ğışİĞŞ"),
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
    if len(_FOREIGN.findall(sample)) < MIN_FOREIGN:
        return None
    hint = language_hint(data)
    return _of_many_bytes(sample, hint) or _of_one_byte(sample, hint)


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
    return _MARKUP.sub(b" ", data[start : start + SAMPLE_BYTES])


def _of_many_bytes(sample: bytes, hint: str) -> str | None:
    best: tuple[float, str] | None = None
    for script in _MANY_BYTES:
        for codec in script.codecs:
            found = _share(sample, codec, script.signs) / script.enough * (1.5 if hint in script.languages else 1)
            if found >= 1 and (best is None or found > best[0]):
                best = (found, codec)
    return best[1] if best else None


def _of_one_byte(sample: bytes, hint: str) -> str | None:
    native = _beside(sample) >= NATIVE
    scripts: Sequence[_Script] = _NATIVE if native else _LATIN
    hinted = [script for script in scripts if hint in script.languages]
    best, codec = _best_of(sample, hinted if hinted and not native else scripts, hinted)
    if codec is None or (not hinted and (best < 1 or not (native or _telling(sample, codec)))):
        return None
    return codec


def _best_of(sample: bytes, scripts: Sequence[_Script], hinted: Sequence[_Script]) -> tuple[float, str | None]:
    """The codec that fits best, and its fit; of equals the first, the commoner one."""
    best, codec = 0.0, None
    for script in scripts:
        for name in script.codecs:
            found = _share(sample, name, script.signs) / script.enough * (1.3 if script in hinted else 1)
            if found > best:
                best, codec = found, name
    return best, codec


def _telling(sample: bytes, codec: str) -> bool:
    """Test for letters of an Eastern charset's own, which make it certain."""
    signs = _TELLING.get(codec)
    return signs is None or _share(sample, codec, signs) >= 0.3


def _beside(sample: bytes) -> float:
    """The share of the bytes beyond ASCII that have another on either side."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    return sum(len(run) for run in runs if len(run) > 1) / max(1, sum(map(len, runs)))


def _share(sample: bytes, codec: str, signs: frozenset[str]) -> float:
    """The share of these signs among those beyond ASCII."""
    text = codecs.getincrementaldecoder(codec)("replace").decode(sample)
    foreign = [sign for sign in text if sign > "\x7f"]
    if not foreign or foreign.count("\ufffd") > 0.05 * len(foreign):
        return 0.0
    return sum(sign in signs for sign in foreign) / len(foreign)
