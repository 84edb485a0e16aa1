"""Words that are no people: clocks, days, months, places, sections, labels and numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crawler.parsers.dates.month_names import MONTHS
from crawler.parsers.names.given_names import GIVEN_NAMES
from crawler.parsers.names.place_names import PLACES
from crawler.parsers.patterns import later

_CLOCK = """
a.m a.m. acst aedt aest ago akst am art aujourd'hui awst ayer brst brt bst bugun cat cdt cest cet clock clt cot cst ct dnes dun
dzisiaj eat edt eest eet est et gestern gisteren gmt h heures heute hier hkt hoje horas hour hours hoy hr hrs hst ieri ist jst kell kl
klo kst mdt midnight min mins minut minute minuten minuter minutes minuti minutos msk mst mt noon now npt nzdt nzst oggi ontem ora ore
p.m p.m. pdt pet pht pkt pm pst pt saat sast sgt stunden today uhr utc vandaag vcera wat wczoraj west wet wib wit wita yesterday zulu
вчера мск сегодня ч час
"""
_DAYS = """
ahad antradienis carsamba cetrtek ceturtdiena cetvrtak csutortok ctvrtek cuma cumartesi czwartek dienstag dijous dilluns dimanche
dimarts dimecres dinsdag dissabte diumenge divendres domenica domingo donderdag donnerstag duminica esmaspaev fredag freitag fri
friday giovedi hetfo isnin jeudi joi jueves jumaat jumat kamis kedd keskiviikko ketvirtadienis khamis kolmapaev lauantai laupaev
lordag lordagen lundi lunedi lunes luni maanantai maandag mandag mardi martedi martes marti mercoledi mercredi miercoles miercuri
minggu mittwoch mon monday montag nedele neljapaev niedziela onsdag otrdiena patek pazar pazartesi penktadienis pentek perjantai
persembe petak piatek piatok piektdiena pirmadienis pirmdiena pondeli pondelok ponedeljak ponedeljek ponedjeljak poniedzialek
poniedziałek puhapaev quarta quarta-feira quinta quinta-feira rabu reede sabado sabtu sali samedi samstag sat saturday segunda
segunda-feira sekmadienis selasa senin sestadienis sestdiena sexta sexta-feira sobota sondag sonnabend sonntag srijeda sroda streda
stvrtok sun sunday sunnudagur sunnuntai svetdiena szerda szombat teisipaev terca terca-feira thu thur thurs thursday tiistai tirsdag
tisdag torek torsdag torstai treciadienis tresdiena tue tues tuesday utery utorak utorok vasarnap vendredi venerdi viernes vineri
vrijdag wed wednesday woensdag wtorek zaterdag zondag δευτερα κυριακη παρασκευη πεμπτη σαββατο τεταρτη τριτη вивторок воскресенье
вторник неделя недиля петак петък понеделник понедельник понедељак понедилок пятница пятниця середа среда сряда суббота субота събота
уторак четвер четверг четвртак четвъртък الأحد الأربعاء الإثنين الاثنين الاحد الاربعاء الثلاثاء الجمعة الخميس السبت جمعه دوشنبه
سه‌شنبه شنبه پنجشنبه چهارشنبه یکشنبه
"""
_SECTIONS = """
actualite actualites aktuell aktuelles analysis arts audio ausland berita binnenland blog blogs books brasil breaking briefing
buitenland business cars ciencia city climate comment comments continental cotidiano court courts cricket crime cronaca cultura
culture culture's danmark debats debatt defence defense deportes domaci domestic dunia dunya economia economie economy editorial
editorials education egitim ekonomi ekonomika entertainment environment espana esporte esportes esteri exclusive explainer fashion
feature features film films finance food football france front gallery games gesellschaft gesundheit global golf gospodarka gundem
haber haberler health home homepage idees inland inrikes internacional internasional international interni interview interviews
investigation investigations jobs kesehatan kotimaa kraj kultur latest law letters lifestyle live local lokales magazine market
markets media medias meinung metro military monde money motorsport movies mundo music nachrichten nacional nasional nation national
news newsletter newsletters nieuws norge noticias nyheder nyheter obituaries olahraga opinion opinions page panorama people photo
photos podcast podcasts police politica politics politik politique polska portada property puzzles racing radio region regional
regionales reise religion report reports review reviews royals rugby saglik salud salute sante saude science sciences scienze series
siyaset soccer sociedad societe society special spettacoli spor sport sports state states sucesos sverige swiat talous tech technology
tecnologia tennis thema themen tin top town travel tuc tv ulkomaat utrikes uutiset video videos weather wiadomosci wirtschaft wissen
world zahranici zpravy ειδησεις κοσμος πολιτικη економика культура мир наука новини новости общество политика происшествия свят спорт
экономика أخبار اخبار اقتصاد اقتصادی الأخبار العالم ایران بین‌الملل ثقافة جامعه جهان رياضة سياسة سیاسی فرهنگی ورزشی
"""
_LABELS = """
a about actualitzat actualizado actualizat ad add admin administrator ads advertisement aggiornato aktualisiert aktualizacja
aktualizovano all an and anonymous app archive article articles at author authors autor autorin back bijgewerkt bio breadcrumb by
byline caption categories category checked click close comment comments compartir condividi contact content continue continued cookies
copy copyright correction country created credit data date dateline datum default dela delen devami di disclaimer discussion download
drucken duplicate e-mail edited email error erstellt example facebook fecha feed filed first flag follow font font-size for frissitve
from fuente full geandert gepubliceerd get guest guncelleme guncellendi haberin help here hide hinweis image imprimer in instagram
join joined jour julkaistu kommentare la last le lectura lecture leestijd lesedauer lesezeit lettura like likes link linkedin listen
loading location log login mail megosztas member members menu merken mis moderator modifie modified more my n/a na name nan newbee
next no none nota note null of on opdateret open oppdatert options opublikowano our paivitetty par partager participant partner paylas
photo play policy por posted posts previous print privacy profile promoted pubblicato publicado publicat publicerad publie publikovano
publisert published quelle read read-time reading reads recommended reddit register registered related replies reply report reputation
reserved resize rights save sdilet search section see share shop show sign size skip source sources sponsored staff stand store
stories story subject subscribe supporter tag tags tap tarih tarihi teilen telegram temps terms test text that the this thread threads
time title to tools topic topics tweet twitter udgivet udostepnij uhr undefined under unknown updated uppdaterad us user users
veroffentlicht video view views visit von watch we whats whatsapp with writer yayinlanma yazar your youtube автор дата джерело
источник обновлено оновлено опубликовано поделиться читать آخر اشتراک انتشار بروزرسانی تاريخ تاریخ تحديث خبر مشاركة منبع منذ نشر کد
گذاری
"""
_PLACEHOLDERS = """
admin administrator and anonymous author authors by default editor example from guest member moderator n/a na name nan no none null of
share staff subscribe test the undefined unknown user webmaster with writer
"""
"""What software names as an author where none was given."""
_ENDS = frozenset(
    [
        "news",
        "nachrichten",
        "noticias",
        "nouvelles",
        "notizie",
        "nieuws",
        "nyheter",
        "newsletter",
        "podcast",
        "magazine",
        "opinion",
        "politics",
        "business",
    ]
)
"""Words that end names of sections."""
_FIRST = """
about add all browse buy click copy discover download edit email experiments explore fact filed follow get go image join latest learn
listen more original other our photo posted powered print published read reply report return rss save see send share shop show sign
skip source submit subscribe tags text tweet updated use view visit watch written
"""
_VERBS = frozenset(_FIRST.split())
"""Words that no name begins with, in lower case."""
_NEVER = """
advertisement comments cookies copyright http javascript newsletter reserved rights subscribe wikipedia www
"""
_BAD = frozenset(_NEVER.split())
_HAN_WORDS = """
下載 下载 专题 举报 今日 会員 体育 作者 來源 健康 全国 公開 关注 写真 分享 列印 動画 发布 发表 国内 国际 图片 國內 國際 圖片 地方 声明
娛樂 娱乐 字体 字号 字體 导读 專題 开栏 影片 打印 掲載 搜索 摘要 收藏 放大 政治 教育 文化 新聞 新闻 日期 时间 昨日 時間 更新 有料 本文
来源 来自 栏目 正文 注册 浏览 瀏覽 点击 無料 版权 版權 登录 發佈 發布 發表 社会 社区 社會 科技 経済 經濟 続き 編輯 編集 经济 编者 编辑
缩小 视频 記事 記者 評論 记者 评论 財經 責任 财经 责任 返回 速報 連載 配信 開欄 閱讀 關注 阅读 首頁 首页 體育 點擊 경제 공유 국제 글자
기사 뉴스 댓글 등록 문화 사회 수정 스포츠 연예 인쇄 입력 전국 정치 크기
"""
_HAN_NO_NAME = later(rf"{'|'.join(_HAN_WORDS.split())}|[网網社报報局台刊站部号號版次订]$|^\W|[：:]")
_SURNAMES = """
丁万严乔付任伍何余佟侯俞倪党全兰关冉农冯冷凌刘劉包华卓单卜卞卢卫古史叶司吉向吕吳吴呂周唐喬單喻嚴塗夏姚姜姬娄婁孔孙孟季孫宁安宋宗宫
宮寧尚尤尹屈岑岳崔左席庄应庞康廖张張彭徐應成戚戴房文方施时易時晏景曲曹曾朱李杜杨林柏柯柳柴桂梁梅楊樊欧歐武段殷毕毛江汤汪沈涂温游湯
溫滕潘焦熊牛牟王甘田申畢白盛盧瞿石祁祝秦程穆窦竇章童符简管簡米紀繆纪缪罗羅翁翟耿聂聶肖胡臧舒艾芦苏苗苟范莊莫華萬葉葛董蒋蒙蒲蓝蔡蔣
蕭薛藍蘆蘇蘭衛袁裴褚覃解許詹謝譚许谢谭谷費賀賈费贺贾赵趙路車车辛農边连連邊邓邢邬邱邵邹郑郝郭鄒鄔鄧鄭金錢鍾钟钱閔閻關闫闵阮阳陆陈陳
陶陸陽雷霍靳韋韓韦韩項顏顧项顾颜饒饶馬馮駱马骆高魏魯鮑鲁鲍麥麦黃黄黎黨齊齐龍龐龔龙龚강고공곽구권기길김남노도라류명민박반방배백변서
석선설성소손송신심안양엄여연염오우원위유윤이임장전정조주지진차채천최추표하한함허현홍황
"""
_HAN_SURNAMES = frozenset("".join(_SURNAMES.split()))


def _bag(text: str) -> frozenset[str]:
    return frozenset(map(fold, text.split()))


@lru_cache(maxsize=512)
def fold(word: str) -> str:
    """A word in lower case and without accents, as the tables hold it.

    >>> fold("Plzeň"), fold("Łódź")
    ('plzen', 'lodz')
    """
    if word.isascii():
        return word.casefold()
    bare = "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", bare).translate(_PLAIN)


_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "ß": "ss", "’": "'", "‑": "-"})
CLOCK, DAYS = _bag(_CLOCK), _bag(_DAYS)
_MONTHS = frozenset(map(fold, MONTHS))
_SURE = CLOCK | DAYS | _MONTHS | _bag(_PLACEHOLDERS)
_OTHER = _SURE | _bag(_SECTIONS) | _bag(_LABELS)
_TOKEN = re.compile(r"[^\s/,|·•&+]+")


def is_no_name(name: str, *, printed: bool = True) -> bool:
    """Tell whether a text is a clock, day, month, place, section, label or number.

    A name that holds such a word beside others is a name: `April Jones`, `Paris Hilton`.

    Args:
        printed: Whether the text was read on the page. What stands in its machine words as an author is no label, and may be an office.
    """
    tokens = [token for found in _TOKEN.findall(name) if (token := fold(found).strip(".:;()[]'’\"“”-–—#*"))]
    if not tokens or not any(c.isalpha() for c in name) or _is_place(tokens):
        return True
    known = _OTHER if printed else _SURE
    if all(token in known or token.isdecimal() for token in tokens):
        return True
    return _is_label(name, tokens) if printed else len(tokens) > 1 and tokens[0] in ("more", "by")


def _is_label(name: str, tokens: list[str]) -> bool:
    """Tell whether printed words are an appeal or the label of a button."""
    if len(tokens) > 1 and tokens[0] in _VERBS and tokens[0] not in GIVEN_NAMES:
        return True
    if not name.isascii() and any(c >= "\u3040" for c in name) and _HAN_NO_NAME.search(name):
        return True
    if len(tokens) > 1 and tokens[-1] in _ENDS and GIVEN_NAMES.isdisjoint(tokens):
        return True
    return not _BAD.isdisjoint(tokens)


def _is_place(tokens: list[str]) -> bool:
    """Tell whether words name places, perhaps with a section or label beside them."""
    if " ".join(tokens) in PLACES:
        return True
    named = any(" ".join(tokens[n : n + size]) in PLACES for n in range(len(tokens)) for size in (1, 2, 3))
    return named and _reaches_end(tokens)


def _reaches_end(tokens: list[str]) -> bool:
    """Tell whether places and words that are no names reach the end."""
    ends = {0}
    for n in range(len(tokens)):
        if n in ends:
            ends |= {n + size for size in (1, 2, 3) if " ".join(tokens[n : n + size]) in PLACES}
            ends |= {n + 1} if tokens[n] in _OTHER else set()
    return len(tokens) in ends


def is_place(text: str) -> bool:
    """Tell whether a text is the name of a place and nothing else."""
    return fold(text).strip(" .,") in PLACES


def known_given_name(name: str) -> bool:
    """Tell whether a name holds a common given name, in East Asia a surname."""
    tokens = [fold(token).strip(".,") for token in re.split(r"[\s-]+", name)]
    return any(token in GIVEN_NAMES for token in tokens) or (len(tokens) == 1 and len(name) < 4 and name[:1] in _HAN_SURNAMES)
