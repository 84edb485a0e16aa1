"""Words of paywalls by language, in lower case.

Source: the words' use on paywalls of newspapers; written down for this table.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "ar": "للمشتركين فقط; هذا المحتوى للمشتركين; لمتابعة القراءة; لمواصلة القراءة; اشترك لقراءة; اشترك لمتابعة",
    "bg": "само за абонати; за да продължите да четете; статията е достъпна за абонати",
    "bn": "শুধুমাত্র গ্রাহকদের; পড়া চালিয়ে যেতে",
    "ca": "només per a subscriptors; contingut exclusiu per a; per continuar llegint; per seguir llegint",
    "cs": (
        "pouze pro předplatitele; jen pro předplatitele; pokračování článku; zbývá vám přečíst; pro předplatitele a; "
        "k dočtení článku; chcete číst dál"
    ),
    "da": (
        "kun for abonnenter; for at læse videre; få adgang til hele artiklen; læs hele artiklen med; fortsæt med at læse; "
        "er forbeholdt abonnenter"
    ),
    "de": (
        "nur für abonnenten; exklusiv für abonnenten; um weiterzulesen; jetzt weiterlesen mit; lesen sie weiter mit; "
        "weiterlesen mit; den ganzen artikel lesen; diesen artikel weiterlesen; artikel jetzt freischalten; artikel freischalten; "
        "den vollständigen artikel; jetzt testen und weiterlesen; sie haben noch kein abo; dieser inhalt ist für abonnenten; "
        "für abonnentinnen und abonnenten; dieser artikel ist abonnenten; weiterlesen nach dem login; mit abo weiterlesen; "
        "registrieren und weiterlesen; plus-artikel weiterlesen; jetzt abonnieren und weiterlesen; kostenlos weiterlesen; "
        "um den artikel zu lesen"
    ),
    "el": "μόνο για συνδρομητές; για να συνεχίσετε την ανάγνωση; για να διαβάσετε τη συνέχεια; αποκλειστικά για συνδρομητές",
    "en": (
        "subscribe to continue; subscribe to read; to continue reading; to keep reading; to read the full; to read the rest; "
        "for subscribers only; subscribers only; subscriber-only; exclusive to subscribers; exclusively for subscribers; "
        "this article is for subscribers; this story is for subscribers; continue reading with a; create a free account to; "
        "register to continue; register to read; sign in to continue; log in to continue; log in to read; sign in to read; "
        "unlock this article; unlock this story; for full access; reached your limit of; you have reached your; "
        "you've reached your; become a subscriber to; this content is for members; for members only; start your free trial to; "
        "available to subscribers; is for paying subscribers; this post is for paid; want to read more? subscribe; "
        "subscribe for unlimited; get unlimited access to read"
    ),
    "es": (
        "exclusivo para suscriptores; exclusiva para suscriptores; solo para suscriptores; sólo para suscriptores; "
        "para seguir leyendo; para continuar leyendo; suscríbete para leer; suscríbete para seguir; suscríbete para continuar; "
        "regístrate para seguir; este contenido es exclusivo; para leer el artículo completo; contenido para suscriptores; "
        "reservado a suscriptores"
    ),
    "et": "ainult tellijatele; tellijale; edasi lugemiseks; lugemise jätkamiseks",
    "fa": "ویژه مشترکان; برای ادامه مطالعه; برای خواندن ادامه",
    "fi": (
        "vain tilaajille; tilaajille; jatka lukemista; lukeaksesi koko; lue koko juttu tilaamalla; tilaa ja lue; "
        "kirjaudu ja jatka lukemista"
    ),
    "fr": (
        "réservé aux abonnés; réservée aux abonnés; réservé à nos abonnés; réservée à nos abonnés; de cet article à lire; "
        "de cet article à découvrir; la suite est réservée; pour lire la suite; abonnez-vous pour lire; "
        "abonnez-vous pour continuer; pour poursuivre votre lecture; débloquez cet article; débloquer cet article; "
        "pour continuer à lire; pour continuer la lecture; lisez la suite en vous; article abonné; contenu réservé; "
        "créez un compte pour lire"
    ),
    "he": "למנויים בלבד; להמשך קריאה הירשמו; לקריאת הכתבה המלאה; תוכן למנויים; כתבה זו למנויים; כדי להמשיך לקרוא",
    "hi": "आगे पढ़ने के लिए; पूरा पढ़ने के लिए; सब्सक्राइबर के लिए; पूरी खबर पढ़ने के लिए",
    "hr": "samo za pretplatnike; za nastavak čitanja; ostatak članka dostupan; pretplatite se za; nastavite čitati uz",
    "hu": (
        "csak előfizetőknek; előfizetőink; a cikk folytatásához; a teljes cikk elolvasásához; a folytatáshoz fizessen elő; tovább olvasná"
    ),
    "id": "khusus pelanggan; untuk melanjutkan membaca; berlangganan untuk; untuk membaca selengkapnya",
    "is": "aðeins fyrir áskrifendur; til að lesa áfram",
    "it": (
        "riservato agli abbonati; riservata agli abbonati; riservato ai nostri abbonati; contenuto riservato; "
        "per continuare a leggere; abbonati per leggere; abbonati per continuare; per leggere l'articolo completo; "
        "sblocca l'articolo; per proseguire nella lettura"
    ),
    "ja": (
        "この記事は有料会員限定; 有料会員限定; 会員限定記事; 続きを読むには; 続きは有料; 残り文字; この記事は会員限定; "
        "全文を読むには; ログインして全文; 登録すると続きを; 購読すると続き"
    ),
    "ka": "მხოლოდ გამომწერებისთვის",
    "ko": "유료회원 전용; 구독자 전용; 회원 전용; 전문을 보시려면; 계속 읽으시려면; 로그인 후 이용; 유료 구독자; 구독하고 계속",
    "lt": "tik prenumeratoriams; norėdami skaityti toliau; toliau skaitykite su; skaitykite toliau užsiprenumeravę",
    "lv": "tikai abonentiem; lai turpinātu lasīt; pilnu rakstu lasiet",
    "ms": "untuk pelanggan sahaja; untuk terus membaca",
    "nl": (
        "alleen voor abonnees; exclusief voor abonnees; om verder te lezen; lees verder met; verder lezen?; "
        "dit artikel is exclusief voor; lees dit artikel verder; word abonnee om; registreer om verder; voor abonnees van; "
        "om dit artikel te lezen"
    ),
    "no": (
        "kun for abonnenter; for abonnenter; for å lese videre; les videre med; bli abonnent for å; denne saken er for; "
        "logg inn for å lese; fortsett å lese med"
    ),
    "pl": (
        "tylko dla prenumeratorów; dla prenumeratorów; tylko dla subskrybentów; dalsza część artykułu; aby czytać dalej; "
        "artykuł tylko dla; aby przeczytać cały; wykup dostęp; do przeczytania pozostało; treść dostępna dla; "
        "czytaj dalej z subskrypcją; pozostało do przeczytania"
    ),
    "pt": (
        "exclusivo para assinantes; exclusiva para assinantes; apenas para assinantes; só para assinantes; para continuar lendo; "
        "para continuar a ler; assine para continuar; assine para ler; conteúdo exclusivo para; para ler o artigo completo; "
        "este artigo é exclusivo; reservado a assinantes; cadastre-se para ler"
    ),
    "ro": ("doar pentru abonați; pentru a citi mai departe; pentru a continua lectura; exclusiv pentru abonați; abonează-te pentru a citi"),
    "ru": (
        "только для подписчиков; доступно только подписчикам; чтобы читать дальше; чтобы продолжить чтение; "
        "материал доступен по подписке; оформите подписку, чтобы; доступна только подписчикам; продолжение доступно; "
        "полный текст доступен; для подписчиков"
    ),
    "sk": "iba pre predplatiteľov; len pre predplatiteľov; na prečítanie; pokračovanie článku; prečítate po; pre predplatiteľov",
    "sl": "samo za naročnike; nadaljujte z branjem; za branje celotnega; članek je dostopen naročnikom",
    "sr": "samo za pretplatnike; само за претплатнике; za nastavak čitanja; за наставак читања",
    "sv": (
        "endast för prenumeranter; bara för prenumeranter; för att läsa vidare; läs vidare med; bli prenumerant för att; "
        "låst artikel; läs hela artikeln med; fortsätt läsa med; logga in för att läsa"
    ),
    "th": "สำหรับสมาชิกเท่านั้น; สมัครสมาชิกเพื่ออ่าน; เข้าสู่ระบบเพื่ออ่านต่อ",
    "tr": "sadece aboneler; abonelere özel; okumaya devam etmek için; devamını okumak için; tamamını okumak için; abone olun ve okumaya",
    "uk": (
        "лише для передплатників; тільки для передплатників; щоб читати далі; щоб продовжити читання; доступно за передплатою; "
        "для підписників"
    ),
    "vi": "dành cho thuê bao; dành cho hội viên; đăng ký để đọc tiếp; để đọc tiếp; đăng nhập để đọc; để xem toàn bộ",
    "zh": (
        "仅限订阅; 本文为付费; 付费阅读; 订阅后阅读; 登录后阅读全文; 登入後閱讀全文; 會員專屬; 訂閱即可閱讀; 付费后可; 订阅会员; "
        "继续阅读请; 繼續閱讀請; 阅读全文请; 閱讀全文請; 開通會員; 会员专享; 訂戶專享; 訂閱以繼續閱讀; 订阅以继续阅读"
    ),
}
"""Parts of lines that stand where an article breaks off."""

NAMES = (
    r"pay-?wall|reg-?wall|piano-|tp-(?:modal|container|iframe)|subscri(?:be|ption|ber)-?(?:wall|box|offer|prompt|barrier|promo|cta|teaser)|"
    r"premium-?(?:wall|box|teaser|overlay|offer)|article-?(?:locked|gate|barrier|fade|paygate)|pay-?gate|content-?(?:gate|barrier|lock)|"
    r"locked-?content|meter(?:ed)?-?(?:wall|box|offer)|abo-?(?:box|wall|teaser|hinweis|schranke)|bezahlschranke|leserschranke|mur-?payant|"
    r"(?:^|[^a-z])(?:gate|barrier|truncated)(?:$|[^a-z])|restricted-?content|offer-?wall|login-?wall|member-?wall"
)
"""Classes and ids of boxes that stand where an article breaks off."""
