"""Phrases of seizure banners, challenges, domain brokers, consent walls and error pages."""

from __future__ import annotations

import re
from typing import NamedTuple

from attrs import frozen

from crawler.parsers.classify.page_features import PageFeatures
from crawler.parsers.patterns import later

_BLANKS = re.compile(r"\s+")


class Bareness(NamedTuple):
    """The most that a page may hold for its phrases to count."""

    head: int = 3000  # characters of visible text, for a phrase in the title or a heading
    text: int = 1500  # the same, for a phrase in the text or the source
    links: int = 12
    prose: int = 2  # paragraphs


_BARE = Bareness()


@frozen(kw_only=True)
class Phrases:
    """Patterns for one kind of page that is not the requested one."""

    head: re.Pattern[str]
    """In the title or a heading."""
    text: re.Pattern[str] | None = None
    """In the visible text of a page of at most `most.text` characters."""
    source: re.Pattern[str] | None = None
    """Anywhere in the page, of a page of at most `most.text` visible characters."""
    picture: re.Pattern[str] | None = None
    """In alt or address of a picture, on a page with next to no text."""
    most: Bareness = _BARE
    """Beyond which the page is something else."""

    def found_on(self, features: PageFeatures, *, article: bool | None = None) -> str | None:
        """Quote the phrase found on a page; None for an article or if absent.

        Args:
            article: In place of what the page calls itself.
        """
        if self._is_article(features, features.article if article is None else article):
            return None
        for head in features.heads:
            if len(head) <= 160 and self.head.search(head):
                return f"headed {head[:100]!r}"
        if len(features.text) > self.most.text:
            return None
        return self._in_text(features) or self._in_pictures(features)

    def _is_article(self, features: PageFeatures, named: bool) -> bool:
        """Test for a page with too much on it for such a page."""
        most = self.most
        return named or features.links > most.links or features.prose > most.prose or len(features.text) > most.head

    def _in_text(self, features: PageFeatures) -> str | None:
        for pattern, where in ((self.text, features.text), (self.source, features.source)):
            if pattern is not None and (found := pattern.search(where)):
                return f"says {_BLANKS.sub(' ', found[0])[:80]!r}"
        return None

    def _in_pictures(self, features: PageFeatures) -> str | None:
        if self.picture is None or len(features.text) >= 200:
            return None
        return next((f"shows {told[:100]!r}" for told in features.pictures if self.picture.search(told)), None)


def _any(*phrases: str) -> re.Pattern[str]:
    return later("|".join(f"(?:{phrase})" for phrase in phrases), re.IGNORECASE)


_THING = r"(?:web ?site|domain(?: name)?|site|hidden (?:site|service)|page|platform|service|server|network|marketplace|forum)s?"

# US, European and Russian banners; their makers' own words for the act, not a reporter's.
SEIZED = Phrases(
    most=Bareness(text=2500, links=10, prose=3),
    head=_any(
        rf"^\W*(?:this|these|the) {_THING}(?: \S+)? (?:has|have) been seized\b",
        r"^\W*(?:website|domain|site)(?: name)? (?:has been )?seized\W*$",
        r"\bdiese?s? (?:web ?seite|website|domain|plattform)\b.{0,60}\bbeschlagnahmt",
        r"\bce (?:site|nom de domaine)\b.{0,30}\b(?:a été saisi|saisi par)",
        r"\best[ea] (?:sitio|página|dominio)\b.{0,40}\bha sido (?:incautad|confiscad)[oa]",
        r"\bdeze (?:website|site|pagina) is in beslag genomen",
        r"\bquesto sito (?:è stato|e' stato) (?:sequestrato|posto sotto sequestro)",
        r"^\W*(?:этот )?(?:сайт|ресурс|домен) (?:изъят|арестован)",
    ),
    text=_any(
        rf"\b{_THING}\b.{{0,80}}\b(?:has|have) been seized\b.{{0,400}}\b(?:warrant|u\.?\s?s\.?\s?c\b|pursuant to|in accordance "
        rf"with|law enforcement action|court order)",
        rf"\bthis {_THING} has been seized (?:by|as part of)\b",
        r"\b(?:beschlagnahmt|saisi|incautado|sequestrato)\b.{0,200}\b(?:bundeskriminalamt|generalstaatsanwaltschaft|europol|"
        r"gendarmerie|guardia (?:civil|di finanza)|polizia postale)",
    ),
    source=_any(
        r"\bseizedservers\.com\b",
        r"\bns\d\.seized",
    ),
    picture=_any(
        r"(?:\b|_)seiz(?:ed|ure)(?![a-z])",
        r"seized?(?:banner|notice|domain|site)",
    ),
)

CHALLENGE = Phrases(
    most=Bareness(text=1000, links=8),
    head=_any(
        r"^transferring to the website",
        r"^just a moment\b",
        r"^checking your browser",
        r"^attention required! ?\| ?cloudflare",
        r"^ddos-guard$",
        r"^ddos protection by",
        r"^please wait(?:\.\.\.|…)? \|",
        r"^one moment, please",
        r"^(?:are you|you are|verify(?:ing)? (?:that )?you are|please verify (?:that )?you are) (?:a |not a )?(?:human|robot)",
        r"^making sure you(?:'|’)re not a bot",
        r"^(?:please )?(?:complete|solve) (?:the|this) (?:security check|captcha)",
        r"^security (?:check|verification)$",
        r"^human verification$",
        r"^bot verification$",
        r"^robot or human",
        r"^sucuri website firewall",
        r"^access (?:to this page has been )?denied\b",
        r"^pardon our interruption",
        r"^captcha\b.{0,12}$",
        r"^vercel security checkpoint",
        r"^un momento|^un instant|^einen moment, bitte|^один момент|^در حال انتقال",
    ),
    text=_any(
        r"transferring to the website",
        r"checking (?:if the site connection is secure|your browser before accessing)",
        r"verif(?:y|ying) (?:that )?you are (?:a )?human",
        r"enable javascript and cookies to continue",
        r"request unsuccessful\. incapsula incident id",
        r"press (?:&|and) hold to confirm you are",
        r"unusual traffic from your computer",
        r"needs to review the security of your connection",
        r"this process is automatic\. your browser will redirect",
        r"please (?:turn|enable) javascript(?: on)? (?:and reload|to continue)",
        r"support id(?: is)?:? ?\d{15,}",
        r"automated access to (?:this|our) (?:site|page)",
    ),
    source=_any(
        r"__arcsjsc?\b",
        r"_cf_chl_opt",
        r"cf-browser-verification",
        r"\bcf-chl-",
        r"sucuri_cloudproxy_js",
        r"_incapsula_resource",
        r"/\.well-known/ddos-guard",
        r"\bddos-guard/js-challenge",
        r"captcha-delivery\.com",
        r"\bpx-captcha\b",
        r"awswafcookiedomainlist|awswaf\.com/.{0,80}challenge",
        r"/__qrator/",
        r"\bg-recaptcha\b",
        r"\bh-captcha\b",
        r"\bcf-turnstile\b",
        r"\banubis_challenge\b",
        r"/_guard/(?:auto|html)",
        r"slowaes|toNumbers\(",
    ),
)

PARKED = Phrases(
    most=Bareness(text=1200, links=25),
    head=_any(
        r"\b(?:this )?domain(?: name)? (?:\S+ )?(?:is|may be) (?:for sale|available|parked|expired)",
        r"\bbuy this domain\b",
        r"^\S+\.\w{2,12} (?:is|may be) (?:for sale|parked)",
        r"^welcome to nginx!?$",
        r"apache2? (?:\w+ )?default page",
        r"^iis(?:7| windows server)?$",
        r"^default (?:web ?site|web) page",
        r"^(?:account|site|website) suspended$",
        r"^domain (?:default page|expired|parking)",
        r"^parked domain",
        r"^future home of something",
        r"^web server'?s default page",
        r"^it works!$",
        r"^index of /$",
    ),
    text=_any(
        r"\bthis domain (?:name )?(?:is|may be) for sale\b",
        r"\bthe domain .{3,80} is parked\b",
        r"\bthis account has been suspended\b",
        r"\binquire about this domain\b",
    ),
    source=_any(
        r"sedoparking\.com",
        r"parkingcrew\.net",
        r"\bbodis\.com",
        r"hugedomains\.com/domain_profile",
        r"parklogic\.com",
        r"//(?:www\.)?afternic\.com/forsale",
        r"above\.com/marketplace",
    ),
)

CONSENT = Phrases(
    most=Bareness(head=6000, text=6000, links=25, prose=8),
    head=_any(
        r"^before you continue\b",
        r"^(?:we (?:value|care about|respect) your|manage your|your) privacy(?: choices| settings| matters)?\W*$",
        r"\bprivacy ?gate\b",
        r"^(?:cookie|privacy|consent)[ -](?:wall|consent|choices|settings|preferences)\W*$",
        r"^(?:accept|we use|this site uses) cookies\b",
        r"^avant de continuer\b",
        r"^bevor (?:sie|du) (?:fortfahren|fortfährst|weiter)",
        r"^(?:ihre|deine) (?:privatsphäre|zustimmung)",
        r"^antes de continuar\b",
        r"^(?:gdpr|data) consent\b",
        r"^(?:votre|nous respectons votre) vie privée",
    ),
    source=_any(
        r"action=[\"']?https?://consent\.(?:google|youtube|yahoo)\.",
        r"//consent\.yahoo\.com/v2/collectconsent",
    ),
)

# An error of the program behind the site, sent as if it were a page.
APPLICATION_ERROR = Phrases(
    most=Bareness(head=20_000, links=200),
    head=_any(
        r"^server error in '",
        r"^runtime error$",
        r"^(?:50\d )?(?:internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out)\b",
        r"^error establishing a (?:database|redis) connection",
        r"^(?:wordpress|site) (?:›|») error",
        r"^application error\b",
        r"^whitelabel error page",
        r"^(?:an )?(?:unexpected |unhandled )?(?:error|exception) (?:has )?occurred\W*$",
        r"^(?:briefly unavailable for |down for |under |scheduled )maintenance",
        r"^maintenance(?: mode)?$",
        r"^(?:oops[,!.]* )?something went wrong\W*$",
        r"^\w+ at /\S*$",
        r"^(?:fatal|parse) error\b",
    ),
    text=_any(
        r"server error in '[^']{0,80}' application",
        r"\bfatal error: uncaught\b",
        r"there has been a critical error on (?:this|your) website",
        r"\btraceback \(most recent call last\)",
        r"application error: a (?:client|server)-side exception",
        r"\b(?:mysqli?|pdo)(?:_\w+\(\)|exception)\b.{0,80}(?:denied|refused|gone away)",
        r"\bsystem\.(?:web|data)\.\w+exception\b",
        r"^\s*(?:internal server error|service unavailable|bad gateway)\W*$",
    ),
)

# The page is there, the story is not.
GONE = Phrases(
    most=Bareness(head=20_000, text=0, links=1000),
    head=_any(
        r"^\W*(?:error )?404\b(?!.{0,40}\b(?:days?|people|km|miles|dead|killed|million|years?)\b)",
        r"\bpage (?:was |is |could |cannot |can(?:'|’)?t )?(?:be |not )+(?:found|available)\W*$",
        r"\b(?:story|article|page|content|document|file) (?:(?:that )?you (?:requested|(?:are|were) looking for|want(?:ed)?) )?"
        r"(?:was|is|could|does|has|cannot|can(?:'|’)t|no longer) ?(?:not|no longer|been)? ?(?:be |been )?"
        r"(?:found|exists?|available|removed|unavailable|here)(?: (?:here|anymore|on (?:this|the|our) (?:web ?site|site|server)))?\W*$",
        r"^\W*(?:oops|sorry)[,!. ].{0,60}\b(?:not (?:be )?found|(?:can(?:'|’)t|cannot) (?:be found|find)|does ?n[o'’]t exist|no longer)",
        r"^not found\W*$",
        r"^nothing (?:was )?found\W*$",
        r"^(?:cette )?page (?:introuvable|non trouvée|n(?:'|’)existe)",
        r"^seite (?:wurde )?nicht gefunden",
        r"^página no encontrada",
        r"^pagina non trovata",
        r"^sayfa bulunamadı",
        r"^страница не найдена",
        r"^صفحه (?:مورد نظر )?(?:یافت|پیدا) نشد",
        r"الصفحة غير موجودة",
    ),
)
