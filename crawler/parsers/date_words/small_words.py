"""Small words in dates and times, of many languages.

Source: CLDR's date patterns and day periods, and pages of papers.
"""

from __future__ import annotations

FILLERS = """
de del di of d' d l' la le el den der dem the do da dia día i u on г год года року рік р жылғы жылы жыл йил йили yil yili yilning
ildə il оны он гада gada gads m metų d ж ел năm ngày tháng mùng nam ngay ปี พ ศ พ.ศ ค ศ ที่ วันที่ เดือน ปีที่ ວັນທີ ປີ ເດືອນ ທີ
ឆ្នាំ ថ្ងៃទី ថ្ងៃ ទី ខែ ခုနှစ် ရက် ရက်နေ့ လ နေ့ ခု နှစ် წლის წელი թ թվական թվականի ቀን ዓ ም ዓ.ም እ ኤ አ سنة عام من سال ماه روز کال د کی
ئی م ء کو सन् सन वर्ष तारीख को সালের সাল খ্রিস্টাব্দ ಇಸವಿ తేదీ שנת ב ה év évi anno
"""
"""Words that stand between day, month and year, or behind a year."""
PREFIXES = ("ថ្ងៃទី", "ខែ", "ឆ្នាំ", "ថ្ងៃ", "พ.ศ", "เดือน", "ເດືອນ", "ປີ")
SUFFIXES = ("လ", "က", "ին", "ს", "नी", "মাস", "ውስጥ")
"""Words written together with the name of a month, or with a number."""
AT = """
t at um à a las les às kl klo klokken klockan alle ore ora om ob o h godz godzina pukul jam saat в о u v ve w the ساعت الساعة ώρα
เวลา เมื่อ lúc d
"""
"""Words between a day and a time."""
MORNING, AFTERNOON, NIGHT = "am", "pm", "night"
HALF_DAYS = {
    MORNING: (
        r"a\.\s?m\.?|am\b\.?|π\.?μ\.?|ص\b|صباح[اًا]*|فجر[اً]*|ق\.ظ\.?|قبل ?از ?ظهر|صبح|بامداد|לפנות בוקר|בבוקר|午前|上午|早上|凌晨|清晨|"
        r"오전|새벽|"
        r"아침|सुबह|पूर्वाह्न|सकाळी|पहाटे|एएम|"
        r"ভোর|সকাল|পূর্বাহ্ণ|এএম|காலை|முற்பகல்|அதிகாலை|ఉదయం|രാവിലെ|പുലർച്ചെ|ಬೆಳಗ್ಗೆ|ಬೆಳಿಗ್ಗೆ|સવારે|ਸਵੇਰੇ|ก่อนเที่ยง|sa\b|sáng\b|နံနက်|"
        r"ព្រឹក|ເຊົ້າ|ጥዋት|ጠዋት|pagi\b|pg\b|de\.|öö\b|ү\.ө\.?|дп\b|"
        r"utra\b|утра\b|ранку\b|ertalab\b|asubuhi\b|délelőtt\b|reggel\b|de la mañana\b|da manhã\b|du matin\b|morgens\b|vormittags\b|"
        r"پہر سے پہلے"
    ),
    AFTERNOON: (
        r"p\.\s?m\.?|pm\b\.?|μ\.?μ\.?|م\b(?!\.)|مساء[ًا]*|عصر[اً]*|ظهر[اً]*|بعد الظهر|ب\.ظ\.?|بعد ?از ?ظهر|عصر|אחה[\"״]צ|אחר הצהריים|"
        r"בערב|בצהריים|午後|下午|晚上|中午|傍晚|夜晚|오후|저녁|"
        r"दोपहर|शाम|अपराह्न|पीएम|दुपारी|सायंकाळी|संध्याकाळी|দুপুর|বিকাল|বিকেল|সন্ধ্যা|অপরাহ্ণ|পিএম|மாலை|பிற்பகல்|மதியம்|సాయంత్రం|"
        r"మధ్యాహ్నం|വൈകുന്നേരം|വൈകിട്ട്|ഉച്ചയ്ക്ക്|ಸಂಜೆ|ಮಧ್ಯಾಹ್ನ|સાંજે|બપોરે|ਸ਼ਾਮ|ਦੁਪਹਿਰ|"
        r"หลังเที่ยง|บ่าย|เย็น|ch\b|chiều\b|tối\b|ညနေ|ល្ងាច|រសៀល|ແລງ|ສວາຍ|ከሰዓት|ምሽት|petang\b|sore\b|siang\b|ptg\b|du\.|ös\b|ү\.х\.?|"
        r"пп\b|вечера\b|дня\b|вечора\b|jioni\b|mchana\b|"
        r"délután\b|este\b|de la tarde\b|da tarde\b|da noite\b|de la noche\b|du soir\b|de l'après-midi\b|abends\b|nachmittags\b|شام\b|دوپہر"
    ),
    NIGHT: (
        r"밤|夜|深夜|रात|रात्री|রাত|இரவு|రాత్రి|രാത്രി|ರಾತ್ರಿ|રાત્રે|ਰਾਤ|đêm\b|ည|យប់|malam\b|usiku\b|"
        r"ночи\b|ночі\b|رات|شب|ليل[اً]*|בלילה|nachts\b"
    ),
}
"""Patterns of the words for half days."""
UNITS = (
    r"(?:uhr\b|uur\b|hrs?\b\.?|h\b|horas?\b|heures?\b|ч\b\.?|น\b\.?|นาฬิกา|часов\b|година\b|giờ\b|óra\w*|ore\b|вечера|बजे|"
    r"वा\b\.?|টা\b|മണി\w*|மணி\w*|గంటల\w*|ಗಂಟೆ\w*|વાગ્યે|ਵਜੇ|بجے|цаг\w*|시|時|时|點|点|ሰዓት)"
)
"""Words behind an hour."""
