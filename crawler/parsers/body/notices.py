"""Notices in place of content from elsewhere that is shown by consent, in many languages."""

from __future__ import annotations

import re

MAX_NOTICE = 700
"""Characters of such a notice; a longer text is about something."""

_CONTENT = r"""
extern(?:al|e[rnsm]?|t|o|n[íýe]\w*|ý\w*)?\s(?:content|inhalt\w*|inhoud|innhold|innehåll|indhold|obsah\w*)|third[\s-]part(?:y|ies)|social[\s-]media[\s-]content
embedded\s(?:content|post|video|tweet)|(?:redaktionelle[rn]?|eingebettete[rn]?|dritten?|drittanbieter\w*)\s?(?:inhalt\w*|anbieter\w*)?|inhalte?\svon
contenus?\s(?:externe|tiers|bloqué|proven)|ce\scontenu|contenidos?\s(?:extern|de\sterceros)|este\scontenido|conteúdos?\s(?:extern|de\sterceiros)
contenut[oi]\s(?:estern|di\sterze)|questo\scontenuto|inhoud\s(?:van|wordt)|treści\s(?:zewn|z\sserwis)|внешн\w+\s(?:контент|содерж)|сторонн\w+\s(?:контент|сервис)
third-party\scontent|外部コンテンツ|外部内容
"""
_CONSENT = r"""
cookie|consent|privacy|tracking|einwillig|zustimm|einverstanden|datenschutz|akzeptier|personenbezogene|accept|autoris|confidentialité
consenso|privacidad|acepta|aceitar|accett|toestemming|instellingen|samtyk|samtyck|godkänn|zgod|ciasteczk|souhlas|súhlas
согласи|конфиденц|同意|クッキー|klick|click|clic |clique|klik
"""


def _any(words: str) -> re.Pattern[str]:
    """Match any of some patterns, one or more on a line."""
    return re.compile("|".join(words.split("\n")[1:-1]), re.IGNORECASE)


_TELLS_OF_CONTENT = _any(_CONTENT)
_OF_CONSENT = tuple("|".join(_CONSENT.split("\n")[1:-1]).split("|"))
"""Parts of words, looked for one by one: a pattern of them all takes ten times as long in a text that has none."""
_SHOW = re.compile(
    r"\b(?:show|display|view|see|load|allow|enable|activate)\w*|anzeig|angezeigt|einblend|laden|erlaub|aktivier|afficher|visualis|voir|mostrar|ver\b|ver\w+\s|"
    r"carregar|visualizz|vedere|bekijk|tonen|vise\b|visa\b|vis\b|wyświetl|zobacz|zobraz|показ|просмотр|表示|显示",
    re.IGNORECASE,
)


def is_notice(text: str) -> bool:
    """Tell whether a text stands in place of content from elsewhere, and asks for consent.

    >>> is_notice("To show this embedded content, please accept cookies in your privacy settings.")
    True
    >>> is_notice("The minister said that cookies will need consent, and that it is time.")
    False
    """
    if len(text) > MAX_NOTICE:
        return False
    folded = text.casefold()
    if not any(word in folded for word in _OF_CONSENT):
        return False
    return _TELLS_OF_CONTENT.search(text) is not None and _SHOW.search(text) is not None
