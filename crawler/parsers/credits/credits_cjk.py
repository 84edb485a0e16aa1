"""Credits in Chinese, Japanese and Korean captions without colon or parenthesis."""

from __future__ import annotations

import re

_PLACE = re.compile(r"^[가-힣]{2,5}[=＝](?=\S)")
_ENDS = (
    # 首相が会見した＝東京都千代田区で、山田太郎撮影
    re.compile(
        r"[、，,＝\s。（(／]\s*(?P<in>[^\s、，,。＝=（）()／年月日]{2,12}(?:[\s·・][^\s、，,。＝=（）()年月日]{1,6})?)\s*(?:撮影|撮|摄影|攝影)[)）]?$"
    ),
    # 新华社记者 王小明 摄
    re.compile(
        r"[。，、；\s）)]\s*(?P<in>(?:[^\s。，、（）()]{0,8}(?:记者|記者|特约|通讯员)\s*)?[\u4e00-\u9fff·]{2,8}?)\s*拍?[摄攝](?:\s*\d{2,4}年\d{1,2}月\d{1,2}日)?$"
    ),
    # 대통령이 발언하고 있다. 홍길동 기자
    re.compile(r"(?:^|(?<=[.다]\s)|(?<=\.))\s*(?P<in>[가-힣]{2,4})\s*(?:(?:선임|인턴|사진)?\s?기자|특파원)$"),
)
_MANNER = re.compile(r"(?:延时|延時|无人机|無人機|手机|手機|微距|水下|实景|现场|航|實|实|翻|自|抓|偷)拍?$")
"""How a picture was taken, which is no name."""
_EQUALS = re.compile(r"\s*[＝=]\s*(?P<in>[^＝=\s。]{1,30})$")
_TOLD = re.compile(r"\d\d|\d?[年月日]|[でにを](?:$|[^ァ-ヿ])")
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def signed(line: str) -> tuple[str, str, str] | None:
    """Caption, wording and name of a caption that ends as photographers sign in these languages.

    >>> signed("男性が死亡＝ロイター")
    ('男性が死亡', '＝ロイター', 'ロイター')
    >>> signed("イスラエルの国旗＝同国で2019年5月") is None
    True
    """
    if not UNSPACED.search(line):
        return None
    for pattern in _ENDS:
        found = pattern.search(line)
        if found and not _MANNER.search(found["in"]):
            return line[: found.start("in")].rstrip(" 、，,＝=（(／"), line[found.start("in") :], found["in"]
    found = _EQUALS.search(line)
    # `＝東京で5月` tells where and when.
    if found and not _TOLD.search(found["in"]):
        head = line[: found.start()]
        place = re.search(r"(?<=[.。])\s*[가-힣]{2,5}$", head)
        return head[: place.start()] if place else head, line[found.start() :], found["in"]
    return None


def without_town(credit: str) -> str:
    """Cut the town (`서울=뉴스1`) and the verb (`王小明攝`) off a credit."""
    return re.sub(r"(?<=[\u3040-\u9fff])\s*(?:撮影|摄影|攝影|[摄攝])$", "", _PLACE.sub("", credit))
