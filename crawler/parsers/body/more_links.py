"""Lines that announce other stories, in many languages."""

from __future__ import annotations

import re

MAX_LINE = 160
"""Characters of such a line; a longer one is text."""

_MORE_WORDS = """
read more; read also; also read; see also; read next; related; more on this; watch:; advertisement; sponsored
story continues; article continues; lire aussi
à lire aussi; lire plus; voir aussi; sur le même sujet; pour aller plus loin; publicité; lesen sie auch; mehr zum thema
weiterlesen; auch interessant; passend dazu; anzeige; das könnte sie auch interessieren; lee también; lea también; leer más
más información; te puede interesar; ver más; leia também; leia mais; saiba mais; veja também; veja mais; leggi anche; leggi pure
per approfondire; potrebbe interessarti; lees ook; lees meer; bekijk ook; les også; les mer; se også; læs også; læs mere
läs också; läs även; läs mer; lue myös; lue lisää; czytaj też; czytaj także; czytaj również; czytaj więcej; zobacz też
zobacz także; čtěte také; přečtěte si; mohlo by vás zajímat; prečítajte si aj; olvassa el; kapcsolódó; citește și
citește mai mult; vezi și; прочетете още; чети още; читайте также; читайте також; смотрите также; по теме; дивіться також
διαβάστε επίσης; διαβάστε ακόμη; ilgili haber; okumaya devam; baca juga; lihat juga; xem thêm; đọc thêm; 関連記事; あわせて読みたい
続きを読む; 관련기사; 延伸阅读; 推荐阅读; 相关阅读; اقرأ أيضا; اقرأ المزيد; بیشتر بخوانید; यह भी पढ़ें; আরও পড়ুন
"""
_MORE = re.compile(
    rf"^(?:{'|'.join(re.escape(w.strip()) for line in _MORE_WORDS.strip().splitlines() for w in line.split(';'))})(?!\w)", re.IGNORECASE
)


def is_more(line: str) -> bool:
    """Tell whether a line announces other stories: `Read more`."""
    return len(line) < MAX_LINE and _MORE.match(line) is not None
