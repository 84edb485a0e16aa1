"""Names of time zones as pages print them."""

from __future__ import annotations

ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120, "mest": 120,
    "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "msd": 240, "trt": 180, "sast": 120, "cat": 120, "eat": 180, "wat": 60, "irst": 210,
    "irdt": 270, "pkt": 300, "ist": 330, "npt": 345, "ict": 420, "wib": 420, "wita": 480, "wit": 540, "hkt": 480, "sgt": 480, "myt": 480,
    "awst": 480, "jst": 540, "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "brt": -180,
    "art": -180, "clt": -240, "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
}  # fmt: skip
"""Minutes from UTC by name. Those of RFC 822 are North America's; `bst` is Britain's and `ist` India's, as on printed pages."""
PLACES = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles", "at": "America/Halifax",
    "akt": "America/Anchorage",
}  # fmt: skip
"""Names that mean one thing in summer and another in winter."""
MORE_ZONES = {
    "idt": 180, "gst": 240, "aft": 270, "uzt": 300, "azt": 240, "get": 240, "bdt": 360, "mmt": 390, "pht": 480, "bnt": 480, "ulat": 480,
    "brst": -120, "bot": -240, "pet": -300, "cot": -300, "ect": -300, "uyt": -180, "pyt": -240, "pyst": -180, "clst": -180, "chst": 600,
    "btt": 360,
}  # fmt: skip
MORE_PLACES = {
    "msk": "Europe/Moscow", "мск": "Europe/Moscow", "aet": "Australia/Sydney", "act": "Australia/Adelaide", "nzt": "Pacific/Auckland",
    "uk": "Europe/London", "hst": "Pacific/Honolulu", "vet": "America/Caracas", "almt": "Asia/Almaty", "trt": "Europe/Istanbul",
    "gmt/bst": "Europe/London", "bst/gmt": "Europe/London", "cet/cest": "Europe/Paris", "mez/mesz": "Europe/Berlin",
    "eet/eest": "Europe/Athens", "est/edt": "America/New_York", "edt/est": "America/New_York", "cst/cdt": "America/Chicago",
    "mst/mdt": "America/Denver", "pst/pdt": "America/Los_Angeles", "aest/aedt": "Australia/Sydney", "киів": "Europe/Kyiv",
}  # fmt: skip
BY_COUNTRY: dict[str, dict[str, int | str]] = {
    "ist": {"IN": "Asia/Kolkata", "LK": "Asia/Colombo", "IL": "Asia/Jerusalem", "IE": "Europe/Dublin"},
    "cst": {"US": -360, "CA": -360, "MX": -360, "CN": 480, "TW": 480, "HK": 480, "MO": 480, "CU": "America/Havana"},
    "bst": {"GB": 60, "UK": 60, "BD": 360},
    "est": {"US": -300, "CA": -300, "JM": -300, "AU": "Australia/Sydney"},
    "ast": {"CA": -240, "PR": -240, "SA": 180, "KW": 180, "QA": 180, "BH": 180, "IQ": 180, "YE": 180},
    "pst": {"US": -480, "CA": -480, "PH": 480, "PK": 300},
    "mst": {"US": -420, "CA": -420, "MX": -420, "MY": 480},
    "amt": {"BR": -240, "AM": 240},
    "sst": {"SG": 480, "AS": -660},
    "wst": {"AU": 480, "WS": 780},
}  # fmt: skip
"""What a name means in the countries that use it: minutes from UTC, or a place."""
COUNTRY_OF_LANGUAGE = {"he": "IL", "ga": "IE", "zh": "CN", "bn": "BD"} | dict.fromkeys(
    ["hi", "mr", "gu", "ta", "te", "kn", "ml", "pa", "or", "as"], "IN"
)
PHRASES = r"""
Africa/Cairo (?:ب)?توقيت القاهرة|cairo time
America/Chicago (?:us )?central (?:standard |daylight )?time
America/Denver mountain (?:standard |daylight )?time
America/Los_Angeles (?:us )?pacific(?: (?:standard |daylight )?time)?
America/New_York (?:us )?eastern(?: (?:standard |daylight )?time)?
America/Santiago hora de chile
America/Sao_Paulo horário de brasília|hora de brasília
Asia/Baghdad (?:ب)?توقيت بغداد
Asia/Bangkok เวลาประเทศไทย
Asia/Beirut (?:ب)?توقيت بيروت
Asia/Dubai (?:ب)?توقيت (?:الإمارات|الامارات|أبوظبي|ابوظبي|دبي)
Asia/Ho_Chi_Minh giờ việt nam|giờ hà nội
Asia/Hong_Kong 香港時間|hong kong time
Asia/Jakarta waktu indonesia barat
Asia/Jayapura waktu indonesia timur
Asia/Jerusalem (?:ب)?توقيت القدس|שעון ישראל|israel time
Asia/Kabul به وقت کابل
Asia/Kolkata indian? standard time
Asia/Kolkata ist \(?india\)?
Asia/Makassar waktu indonesia tengah
Asia/Riyadh (?:ب)?توقيت (?:مكة(?: المكرمة)?|السعودية|الرياض)|mecca time
Asia/Seoul 한국시간|한국 시간|korea time
Asia/Shanghai 北京时间|北京時間|beijing time
Asia/Taipei 台北時間|taipei time
Asia/Tehran (?:به )?وقت تهران|tehran time
Asia/Tokyo 日本時間|japan time|tokyo time
Europe/Istanbul turkey time|tsi
Europe/Kyiv за києвом|за київським часом|по киеву|kyiv time|kiev time
Europe/Lisbon horário de lisboa|hora de lisboa
Europe/London (?:uk|london|british(?: summer)?) time
Europe/Minsk по минску
Europe/Moscow (?:по )?московскому времени|moscow time|по москве
Europe/Paris central european(?: summer)? time|heure de paris|hora peninsular|hora central europea
UTC greenwich mean time|بتوقيت غرينت?ش|بتوقيت جرينت?ش|توقيت غرينت?ش|توقيت جرينت?ش|hora gmt
"""
"""A zone, and a pattern of the words that name it."""
