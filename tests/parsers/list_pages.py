"""Pages that list stories, and stories that look like lists: made up after the layouts of real sites, in eleven languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

HOST = "https://www.paper.example"
NAMES = {"en": "The Harbour Courier", "de": "Hafenbote", "fr": "Le Courrier du Port", "es": "El Correo del Puerto", "ru": "Портовый вестник", "tr": "Liman Postası", "fa": "پیک بندر", "ar": "بريد الميناء", "zh": "港口日报", "ja": "港湾新聞", "hi": "बंदरगाह समाचार"}  # fmt: skip
SECTIONS = {"en": "Politics", "de": "Politik", "fr": "Politique", "es": "Política", "ru": "Политика", "tr": "Siyaset", "fa": "سیاست", "ar": "سياسة", "zh": "时政", "ja": "政治", "hi": "राजनीति"}  # fmt: skip
HEADLINES = {
    "en": ("Council votes to keep the old swing bridge open", "Ferry returns after three weeks in dock", "Storm takes the roof off the fish market", "Mayor admits error over harbour dues", "School choir sings for the lighthouse keeper", "Port workers strike over night shifts"),
    "de": ("Rat stimmt für den Erhalt der alten Drehbrücke", "Fähre fährt nach drei Wochen wieder", "Sturm deckt das Dach der Fischhalle ab", "Bürgermeister räumt Fehler bei Hafengebühren ein", "Schulchor singt für den Leuchtturmwärter", "Hafenarbeiter streiken gegen Nachtschichten"),
    "fr": ("Le conseil vote le maintien du vieux pont tournant", "Le bac reprend après trois semaines de réparations", "La tempête emporte le toit du marché aux poissons", "Le maire reconnaît une erreur sur les taxes du port", "La chorale chante pour le gardien du phare", "Les dockers en grève contre le travail de nuit"),
    "es": ("El consejo vota mantener abierto el viejo puente", "El transbordador vuelve tras tres semanas de obras", "La tormenta se lleva el tejado de la lonja", "El alcalde admite un error en las tasas del puerto", "El coro de la escuela canta para el farero", "Huelga de estibadores contra los turnos de noche"),
    "ru": ("Совет проголосовал за сохранение старого моста", "Паром вернулся после трёх недель ремонта", "Буря сорвала крышу рыбного рынка", "Мэр признал ошибку в портовых сборах", "Школьный хор спел для смотрителя маяка", "Портовые рабочие бастуют из-за ночных смен"),
    "tr": ("Meclis eski döner köprünün açık kalmasına karar verdi", "Feribot üç haftalık bakımın ardından döndü", "Fırtına balık pazarının çatısını uçurdu", "Başkan liman ücretlerinde hatayı kabul etti", "Okul korosu fener bekçisi için söyledi", "Liman işçileri gece vardiyasına karşı grevde"),
    "fa": ("شورا به باز ماندن پل قدیمی بندر رأی داد", "کشتی مسافربری پس از سه هفته بازگشت", "توفان سقف بازار ماهی‌فروشان را برد", "شهردار اشتباه در عوارض بندر را پذیرفت", "گروه کر مدرسه برای نگهبان فانوس خواند", "اعتصاب کارگران بندر علیه نوبت‌های شبانه"),
    "ar": ("المجلس يصوت على إبقاء الجسر القديم مفتوحا", "العبارة تعود بعد ثلاثة أسابيع من الإصلاح", "العاصفة تقتلع سقف سوق السمك في الميناء", "رئيس البلدية يقر بخطأ في رسوم الميناء", "جوقة المدرسة تغني لحارس المنارة القديمة", "عمال الميناء يضربون احتجاجا على نوبات الليل"),
    "zh": ("市议会投票决定保留旧旋转桥", "渡轮停航三周后恢复运营", "暴风雨掀翻鱼市场屋顶", "市长承认港口费用计算有误", "学校合唱团为灯塔守护人献唱", "港口工人罢工反对夜班制度"),
    "ja": ("市議会が古い旋回橋の存続を可決", "渡し船が三週間ぶりに運航を再開", "嵐で魚市場の屋根が吹き飛ぶ", "市長が港湾料金の誤りを認める", "学校合唱団が灯台守のために歌う", "港湾労働者が夜勤に抗議してスト"),
    "hi": ("परिषद ने पुराने झूलते पुल को खुला रखने का फैसला किया", "तीन सप्ताह बाद नौका सेवा फिर शुरू हुई", "तूफान ने मछली बाजार की छत उड़ा दी", "महापौर ने बंदरगाह शुल्क में गलती मानी", "स्कूल के बच्चों ने प्रकाशस्तंभ रक्षक के लिए गाया", "रात की पाली के खिलाफ मजदूरों की हड़ताल"),
}  # fmt: skip
SENTENCES = {
    "en": ("After four hours of debate the members decided by nine votes to six that the bridge will be repaired and not replaced.", "The work is to begin in March and will cost the town about two million a year.", "Critics say that the money would be better spent on the sea wall, which has been leaking since the winter."),
    "de": ("Nach vier Stunden Debatte beschlossen die Mitglieder mit neun zu sechs Stimmen, die Brücke zu sanieren und nicht zu ersetzen.", "Die Arbeiten sollen im März beginnen und die Stadt rund zwei Millionen im Jahr kosten.", "Kritiker sagen, das Geld wäre am undichten Deich besser angelegt, der seit dem Winter Wasser durchlässt."),
    "fr": ("Après quatre heures de débat, les élus ont décidé par neuf voix contre six de réparer le pont plutôt que de le remplacer.", "Les travaux commenceront en mars et coûteront à la ville environ deux millions par an.", "Les opposants estiment que cet argent serait mieux employé à la digue, qui fuit depuis l'hiver dernier."),
    "es": ("Tras cuatro horas de debate, los concejales decidieron por nueve votos a seis reparar el puente y no sustituirlo.", "Las obras empezarán en marzo y costarán a la ciudad unos dos millones al año.", "Los críticos dicen que el dinero estaría mejor gastado en el dique, que pierde agua desde el invierno."),
    "ru": ("После четырёх часов споров депутаты девятью голосами против шести решили отремонтировать мост, а не заменять его.", "Работы начнутся в марте и обойдутся городу примерно в два миллиона в год.", "Критики говорят, что деньги лучше было бы потратить на дамбу, которая протекает с прошлой зимы."),
    "tr": ("Dört saatlik tartışmanın ardından üyeler altıya karşı dokuz oyla köprünün yenilenmesine değil onarılmasına karar verdi.", "Çalışmalar mart ayında başlayacak ve kente yılda yaklaşık iki milyona mal olacak.", "Eleştirenler paranın kıştan beri su sızdıran deniz duvarına harcanmasının daha doğru olacağını söylüyor."),
    "fa": ("پس از چهار ساعت بحث، اعضا با نه رأی در برابر شش رأی تصمیم گرفتند پل تعمیر شود و جای آن پل تازه‌ای ساخته نشود.", "کار در فروردین آغاز می‌شود و هر سال نزدیک به دو میلیون برای شهر هزینه دارد.", "منتقدان می‌گویند بهتر بود این پول صرف دیوار ساحلی شود که از زمستان گذشته آب از آن نشت می‌کند."),
    "ar": ("بعد أربع ساعات من النقاش قرر الأعضاء بتسعة أصوات مقابل ستة إصلاح الجسر بدلا من استبداله بجسر جديد.", "تبدأ الأعمال في مارس وتكلف المدينة نحو مليونين في كل عام من ميزانيتها.", "ويقول المنتقدون إن المال كان أولى به الجدار البحري الذي يتسرب منه الماء منذ الشتاء الماضي."),
    "zh": ("经过四个小时的辩论，议员们以九票对六票决定修缮这座桥，而不是拆除重建。", "工程将于三月开始，每年将花费该市约两百万元的财政资金。", "批评者认为，这笔钱更应该用于修补自去年冬天以来一直漏水的海堤。"),
    "ja": ("四時間の議論の末、議員らは九対六で橋を架け替えず修理することを決めた。", "工事は三月に始まり、市の負担は年間およそ二百万に上る見通しだ。", "反対派は、冬から水漏れが続く防潮堤に予算を使うべきだと主張している。"),
    "hi": ("चार घंटे की बहस के बाद सदस्यों ने छह के मुकाबले नौ मतों से पुल को बदलने के बजाय उसकी मरम्मत कराने का फैसला किया।", "काम मार्च में शुरू होगा और शहर को हर साल लगभग बीस लाख का खर्च आएगा।", "आलोचकों का कहना है कि यह पैसा समुद्री दीवार पर खर्च होना चाहिए जो सर्दियों से रिस रही है।"),
}  # fmt: skip
LANGUAGES = tuple(NAMES)


class Paper:
    """One site in one language: its stories, and the frame around its pages."""

    def __init__(self, language: str) -> None:
        self.language, self.name, self.section = language, NAMES[language], SECTIONS[language]

    def headline(self, n: int) -> str:
        heads = HEADLINES[self.language]
        return heads[n % len(heads)] + (f" ({n // len(heads) + 1})" if n >= len(heads) else "")

    def link(self, n: int) -> str:
        return f"/{2020 + n % 6}/{n % 12 + 1:02}/{1000 + n}"

    def anchor(self, n: int) -> str:
        return f"<a href='{self.link(n)}'>{escape(self.headline(n))}</a>"

    def prose(self, n: int, sentences: int) -> str:
        told = SENTENCES[self.language]
        return " ".join(told[(n + k) % len(told)] for k in range(sentences))

    def text(self, paragraphs: int, sentences: int = 3) -> str:
        return "".join(f"<p>{self.prose(n, sentences)}</p>" for n in range(paragraphs))

    def date(self, n: int) -> str:
        return f"<time datetime='2026-11-{28 - n % 27:02}T10:00:00+00:00'>{28 - n % 27}.11.2026</time>"

    def page(self, title: str, inside: str, head: str = "") -> str:
        menu = "".join(f"<li><a href='/s/{n}'>{name}</a></li>" for n, name in enumerate([self.section, "Sport", "Kultur", "Video"]))
        right = " dir=rtl" if self.language in ("fa", "ar") else ""
        return (
            f"<!doctype html><html lang={self.language}{right}><head><meta charset=utf-8><title>{escape(title)} | {self.name}</title>{head}</head><body>"
            f"<div id=top><a href='/'>{self.name}</a><ul>{menu}</ul></div>{inside}"
            f"<div id=foot><p>© 2026 {self.name}. {self.prose(0, 1)}</p><a href='/about'>About us</a> <a href='/privacy'>Privacy</a></div></body></html>"
        )


# -- lists


def cards(paper: Paper, n: int) -> str:
    """A front page of cards, each with a summary of two or three sentences."""
    boxes = "".join(
        f"<article><a href='{paper.link(k)}'><img src='/p/{k}.jpg'></a><h3>{paper.anchor(k)}</h3><p>{paper.prose(k, 2 + k % 2)}</p>{paper.date(k)}</article>"
        for k in range(n)
    )
    return paper.page(paper.name, f"<main>{boxes}</main>", "<meta property=og:type content=website>")


def linked_cards(paper: Paper, n: int) -> str:
    """Cards that are links as a whole, headline and summary in one."""
    boxes = "".join(f"<a class=card href='{paper.link(k)}'><h2>{paper.headline(k)}</h2><p>{paper.prose(k, 1)}</p></a>" for k in range(n))
    return paper.page(paper.section, f"<main><h1>{paper.section}</h1>{boxes}</main>")


def headlines(paper: Paper, n: int) -> str:
    """Nothing but links."""
    items = "".join(f"<li>{paper.anchor(k)}</li>" for k in range(n))
    return paper.page(paper.section, f"<h1>{paper.section}</h1><ul>{items}</ul>")


def table(paper: Paper, n: int) -> str:
    """An archive by day as a table of time, link and section."""
    rows = "".join(f"<tr><td>{10 + k % 12}:{k % 60:02}</td><td>{paper.anchor(k)}</td><td>{paper.section}</td></tr>" for k in range(n))
    return paper.page("28.11.2026", f"<h1>28.11.2026</h1><table>{rows}</table>")


def definitions(paper: Paper, n: int) -> str:
    """A definition list: linked headline, summary."""
    rows = "".join(f"<dt>{paper.anchor(k)}</dt><dd>{paper.prose(k, 2)}</dd>" for k in range(n))
    return paper.page(paper.section, f"<h1>{paper.section}</h1><dl>{rows}</dl>")


def flat(paper: Paper, n: int) -> str:
    """Headings and summaries one behind the other, no box around both."""
    rows = "".join(f"<h2>{paper.anchor(k)}</h2><p>{paper.prose(k, 2)}</p>" for k in range(n))
    return paper.page(paper.section, f"<div id=list>{rows}</div><a rel=next href='?page=2'>2</a>")


def tag(paper: Paper, n: int) -> str:
    """A tag page under an introduction of several sentences."""
    boxes = "".join(f"<div class=item><h3>{paper.anchor(k)}</h3><p>{paper.prose(k, 2)}</p></div>" for k in range(n))
    return paper.page(paper.section, f"<main><h1>{paper.section}</h1><p>{paper.prose(0, 3)}</p><p>{paper.prose(1, 2)}</p>{boxes}</main>")


def search(paper: Paper, n: int) -> str:
    """Search results: form, count, title, address as text, snippet."""
    rows = "".join(
        f"<li><h3>{paper.anchor(k)}</h3><div class=url>www.paper.example{paper.link(k)}</div><div class=snip>... {paper.prose(k, 1)} ...</div></li>"
        for k in range(n)
    )
    return paper.page("harbour", f"<form><input name=q value=harbour></form><h1>1-{n} / 2480: harbour</h1><ol>{rows}</ol>")


def author(paper: Paper, n: int) -> str:
    """An author's page: a life in four sentences, then what she wrote."""
    rows = "".join(f"<li><h4>{paper.anchor(k)}</h4><p>{paper.prose(k, 1)}</p>{paper.date(k)}</li>" for k in range(n))
    ld = '<script type=\'application/ld+json\'>{"@type": "ProfilePage", "mainEntity": {"@type": "Person", "name": "Ada Quill"}}</script>'
    return paper.page("Ada Quill", f"<h1>Ada Quill</h1><p class=bio>{paper.prose(0, 3)}</p><ul>{rows}</ul>", ld)


def blog(paper: Paper, n: int) -> str:
    """A blog's front with several whole posts."""
    posts = "".join(
        f"<div class=post><h2>{paper.anchor(k)}</h2><div class=meta>{paper.date(k)} <a href='/author/ada'>Ada Quill</a></div><div class=entry>{paper.text(3 + k % 3)}</div><a href='{paper.link(k)}#comments'>3</a></div>"
        for k in range(n)
    )
    return paper.page(
        paper.name, f"<div id=content>{posts}</div><a href='/page/2' rel=next>2</a>", "<meta property=og:type content=website>"
    )


def galleries(paper: Paper, n: int) -> str:
    """An index of picture galleries: pictures and titles."""
    rows = "".join(
        f"<figure><a href='{paper.link(k)}'><img src='/p/{k}.jpg' alt='{escape(paper.headline(k), quote=True)}'></a><figcaption>{paper.anchor(k)}</figcaption></figure>"
        for k in range(n)
    )
    return paper.page("Galleries", f"<h1>Galleries</h1>{rows}")


def forum(paper: Paper, n: int) -> str:
    """A forum's list of threads."""
    rows = "".join(
        f"<tr><td><a href='/thread/{k}'>{paper.headline(k)}</a><br><small>Ada_{k}</small></td><td>{k * 7}</td><td>{k * 91}</td><td>28.11.2026 10:{k % 60:02}</td></tr>"
        for k in range(n)
    )
    return paper.page("Forum", f"<h2>Forum</h2><table>{rows}</table>")


def river(paper: Paper, n: int) -> str:
    """A section front without one class: a lead story, then lists of links by topic, each under its heading."""
    topics = "".join(
        f"<div><h2>{paper.section} {t}</h2><ul>"
        + "".join(f"<li>{paper.anchor(t * 7 + k)}</li>" for k in range(max(1, n // 4)))
        + "</ul></div>"
        for t in range(4)
    )
    return paper.page(paper.section, f"<div><h2>{paper.anchor(0)}</h2><p>{paper.prose(0, 2)}</p></div>{topics}")


def collection(paper: Paper, n: int) -> str:
    """A section front that says so in JSON-LD, its items as articles in an ItemList."""
    items = ", ".join(f'{{"@type": "ListItem", "position": {k}, "url": "{HOST}{paper.link(k)}"}}' for k in range(n))
    ld = f'<script type="application/ld+json">{{"@type": "CollectionPage", "name": "{paper.section}", "mainEntity": {{"@type": "ItemList", "itemListElement": [{items}]}}}}</script>'
    boxes = "".join(f"<section><div><h3>{paper.anchor(k)}</h3></div><div>{paper.prose(k, 3)}</div></section>" for k in range(n))
    return paper.page(paper.section, f"<h1>{paper.section}</h1>{boxes}", ld)


def old(paper: Paper, n: int) -> str:
    """A front of the nineties: nested tables, bold links, a line break and a summary in one cell."""
    rows = "".join(f"<tr><td><b><a href='{paper.link(k)}'>{paper.headline(k)}</a></b><br>{paper.prose(k, 1)}</td></tr>" for k in range(n))
    return paper.page(paper.name, f"<table><tr><td width=150>&nbsp;</td><td><table>{rows}</table></td></tr></table>")


def newswire(paper: Paper, n: int) -> str:
    """A ticker: time, headline linked, newest first, all of one day; today's date over it."""
    rows = "".join(
        f"<div><span>{23 - k % 24}:{(60 - k) % 60:02}</span> <a href='{paper.link(k)}'>{paper.headline(k)}</a></div>" for k in range(n)
    )
    return paper.page("Ticker", f"<div class=date>28.11.2026</div><h1>Ticker</h1>{rows}")


LAYOUTS: tuple[Callable[[Paper, int], str], ...] = (
    cards, linked_cards, headlines, table, definitions, flat, tag, search, author, blog, galleries, forum, river, collection, old, newswire,
)  # fmt: skip
SIZES = (3, 6, 14, 60)


def lists() -> Iterator[tuple[str, str, str]]:
    """Name, address and text of each page; every layout in several languages and sizes."""
    for at, layout in enumerate(LAYOUTS):
        for turn, size in enumerate((*SIZES, 20, 9)):
            language = LANGUAGES[(at * 5 + turn * 2) % len(LANGUAGES)]
            path = ("/", "/politics", "/x/7", "/politics?page=3", "/2026/11/28", "/a/b/c-d")[(at + turn) % 6]
            yield f"{layout.__name__}-{size}-{language}", HOST + path, layout(Paper(language), size)


# -- stories


def _story(paper: Paper, body: str, after: str = "", head: str = "", by: bool = True) -> str:
    line = f"<p class=by>Ada Quill, {paper.date(1)}</p>" if by else ""
    return paper.page(paper.headline(0), f"<article><h1>{paper.headline(0)}</h1>{line}{body}</article>{after}", head)


def short_news(paper: Paper) -> str:
    """Two sentences."""
    return _story(paper, f"<p>{paper.prose(0, 2)}</p>")


def many_related(paper: Paper) -> str:
    """A hundred words above three hundred links."""
    return _story(
        paper, paper.text(2, 2), "<div class=more><ul>" + "".join(f"<li>{paper.anchor(k)}</li>" for k in range(1, 301)) + "</ul></div>"
    )


def teased_related(paper: Paper) -> str:
    """A story of four paragraphs above twelve teasers with summaries."""
    return _story(
        paper, paper.text(4), "".join(f"<div class=t><h3>{paper.anchor(k)}</h3><p>{paper.prose(k, 2)}</p></div>" for k in range(1, 13))
    )


def live_blog(paper: Paper) -> str:
    """Entries with a time, a heading and a paragraph, each with a link to itself."""
    rows = "".join(
        f"<div class=entry><a href='?post={k}'>{10 + k % 12}:{k % 60:02}</a><h2>{paper.headline(k)}</h2><p>{paper.prose(k, 2)}</p></div>"
        for k in range(20)
    )
    return _story(paper, f"<p>{paper.prose(0, 2)}</p>{rows}")


def picture_gallery(paper: Paper) -> str:
    """Pictures with captions, no text besides."""
    return _story(paper, "".join(f"<figure><img src='/p/{k}.jpg'><figcaption>{paper.prose(k, 1)}</figcaption></figure>" for k in range(12)))


def video(paper: Paper) -> str:
    """A player, one sentence, eight further films."""
    more = "".join(f"<div><a href='{paper.link(k)}'><img src='/v/{k}.jpg'><h4>{paper.headline(k)}</h4></a></div>" for k in range(1, 9))
    return _story(paper, f"<video src='/v.mp4' poster='/v.jpg'></video><p>{paper.prose(0, 1)}</p>", more)


def read_also(paper: Paper) -> str:
    """A line that leads elsewhere behind each second paragraph."""
    return _story(
        paper,
        "".join(
            f"<p>{paper.prose(k, 3)}</p>" + (f"<p><a href='{paper.link(k)}'>{paper.headline(k)}</a></p>" if k % 2 else "") for k in range(8)
        ),
    )


def heading_links(paper: Paper) -> str:
    """Boxes with a linked heading between the paragraphs."""
    return _story(
        paper,
        "".join(
            f"<p>{paper.prose(k, 3)}</p><p>{paper.prose(k + 1, 2)}</p>"
            + (f"<div class=box><h2>{paper.anchor(k)}</h2></div>" if k % 2 else "")
            for k in range(1, 7)
        ),
    )


def commented(paper: Paper) -> str:
    """A short story under fifteen comments, each with a link to its writer."""
    rows = "".join(f"<div class=comment><a href='/user/{k}'>Benjamin Harbourman {k}</a><p>{paper.prose(k, 2)}</p></div>" for k in range(15))
    return _story(paper, paper.text(3), f"<div id=comments>{rows}</div>")


def bare_story(paper: Paper) -> str:
    """No date, no author, no machine word: headline and text."""
    return paper.page(
        paper.headline(0),
        f"<h2>{paper.headline(0)}</h2><div>{paper.text(3)}</div><ul>"
        + "".join(f"<li>{paper.anchor(k)}</li>" for k in range(1, 12))
        + "</ul>",
    )


def ranking(paper: Paper) -> str:
    """A list of ten things, each under a heading that leads to a shop."""
    return _story(
        paper,
        f"<p>{paper.prose(0, 3)}</p>"
        + "".join(
            f"<h2>{k}. <a href='https://shop{k}.example/thing'>{paper.headline(k)}</a></h2><p>{paper.prose(k, 3)}</p>" for k in range(1, 11)
        ),
    )


def kicker(paper: Paper) -> str:
    """A section's name, long and linked, in the box of the text."""
    return paper.page(
        paper.headline(0),
        f"<div><div><a href='/series/7'>{paper.name}: {paper.section}</a><h1>{paper.headline(0)}</h1></div>{paper.text(5)}</div>",
    )


STORIES: tuple[Callable[[Paper], str], ...] = (
    short_news, many_related, teased_related, live_blog, picture_gallery, video, read_also, heading_links, commented, bare_story, ranking, kicker,
)  # fmt: skip


def stories() -> Iterator[tuple[str, str, str]]:
    """Name, address and text of each story; every kind in four languages."""
    for at, kind in enumerate(STORIES):
        for turn in range(4):
            language = LANGUAGES[(at * 3 + turn * 3) % len(LANGUAGES)]
            yield f"{kind.__name__}-{language}", f"{HOST}/2026/11/{1000 + at}", kind(Paper(language))
