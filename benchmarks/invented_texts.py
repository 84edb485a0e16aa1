"""Invented words of ten languages in eight scripts, as frequent as words of a language are."""

from __future__ import annotations

import random
from itertools import accumulate

from attrs import frozen


@frozen(kw_only=True)
class Tongue:
    """A language by its letters, from which words are drawn."""

    code: str
    share: int
    """Stories in a hundred."""
    onsets: str
    vowels: str
    ends: str = ""
    spaced: bool = True
    """Words are written apart."""


TONGUES = (
    Tongue(code="en", share=60, onsets="b c d f g h j k l m n p r s t v w br cl dr gr pl st tr sh th", vowels="a e i o u ai ea oo",
           ends="n r s t l nd rk m"),
    Tongue(code="fr", share=10, onsets="b c d f g j l m n p r s t v ch qu gn", vowels="a é è ê i o u ou eau ô ç", ends="r s t x n"),
    Tongue(code="tr", share=5, onsets="b c ç d g ğ h k l m n p r s ş t v y z", vowels="a e ı i o ö u ü", ends="k n r l m"),
    Tongue(code="de", share=5, onsets="b d f g h k l m n r s t w z sch pf", vowels="a ä e i o ö u ü ei au", ends="n r t ß ng"),
    Tongue(code="ar", share=5, onsets="ب ت ج ح د ر س ش ص ع ف ق ك ل م ن ه و ي", vowels="ا و ي  ", ends="ة ى ن ر"),
    Tongue(code="fa", share=5, onsets="ب پ ت ج چ خ د ر ز ژ س ش ف ک گ ل م ن و ی", vowels="ا و ی  ", ends="ن ر م ه"),
    Tongue(code="ru", share=4, onsets="б в г д ж з к л м н п р с т ч ш", vowels="а е ё и о у ы я", ends="й н в т"),
    Tongue(code="hi", share=2, onsets="क ख ग च ज त द न प ब म र ल स ह", vowels="ा ि ी ु े ो  ", ends="ं र न"),
    Tongue(code="zh", share=3, onsets="山 水 火 木 金 土 日 月 天 地 人 大 小 中 上 下 东 西 南 北 风 云 雨 雪 江 河 湖 海 城 市",
           vowels=" 门 口 手 目 心 石 田 力",
           spaced=False),
    Tongue(code="th", share=1, onsets="ก ข ค ง จ ช ด ต ท น บ ป พ ม ย ร ล ว ส ห", vowels="า ิ ี ุ ู ำ", ends="น ม ง ก", spaced=False),
)  # fmt: skip
WORDS = 30_000
"""Of each language."""


class Vocabulary:
    """The words of a language, the most frequent first."""

    def __init__(self, tongue: Tongue) -> None:
        self.tongue = tongue
        draw = random.Random(tongue.code)
        onsets, vowels, ends = tongue.onsets.split(), tongue.vowels.split(" "), tongue.ends.split() or [""]
        words: dict[str, None] = {}
        while len(words) < WORDS:
            # Frequent words are short.
            syllables = 1 + min(3, int(len(words) ** 0.12)) - (draw.random() < 0.3)
            word = "".join(draw.choice(onsets) + draw.choice(vowels) for _ in range(max(1, syllables)))
            words[word + (draw.choice(ends) if draw.random() < 0.4 else "") if len(words) > 20 else word] = None
        self.words = list(words)
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(WORDS)))

    def text(self, draw: random.Random, count: int) -> str:
        """Draw a sentence of so many words, without a stop."""
        words = draw.choices(self.words, cum_weights=self._weights, k=count)
        return (" " if self.tongue.spaced else "").join(words)

    def paragraphs(self, draw: random.Random, count: int) -> list[str]:
        """Draw a text of so many words."""
        return [f"{self.text(draw, 40).capitalize()}." for _ in range(max(1, count // 40))]


def vocabularies() -> list[Vocabulary]:
    """The words of all languages."""
    return [Vocabulary(tongue) for tongue in TONGUES]
