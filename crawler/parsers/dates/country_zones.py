"""Time zones of countries that have one, by the end of a host's name."""

from __future__ import annotations

from crawler.urls import host_of

# Ends that are sold to the whole world (.co, .io, .me, .tv ...) say nothing, and neither do countries with several zones.
_ZONES = """
al Europe/Tirane; at Europe/Vienna; ba Europe/Sarajevo; be Europe/Brussels; bg Europe/Sofia; by Europe/Minsk; ch Europe/Zurich
cz Europe/Prague; de Europe/Berlin; dk Europe/Copenhagen; ee Europe/Tallinn; fi Europe/Helsinki; fr Europe/Paris; gr Europe/Athens
hr Europe/Zagreb; hu Europe/Budapest; ie Europe/Dublin; is Atlantic/Reykjavik; it Europe/Rome; li Europe/Vaduz; lt Europe/Vilnius
lu Europe/Luxembourg; lv Europe/Riga; md Europe/Chisinau; mk Europe/Skopje; mt Europe/Malta; nl Europe/Amsterdam; no Europe/Oslo
pl Europe/Warsaw; ro Europe/Bucharest; rs Europe/Belgrade; se Europe/Stockholm; si Europe/Ljubljana; sk Europe/Bratislava
ua Europe/Kyiv; uk Europe/London; tr Europe/Istanbul; il Asia/Jerusalem; ae Asia/Dubai; iq Asia/Baghdad; ir Asia/Tehran; jo Asia/Amman
kw Asia/Kuwait; lb Asia/Beirut; om Asia/Muscat; qa Asia/Qatar; sa Asia/Riyadh; az Asia/Baku; ge Asia/Tbilisi; af Asia/Kabul
bd Asia/Dhaka; in Asia/Kolkata; lk Asia/Colombo; np Asia/Kathmandu; pk Asia/Karachi; cn Asia/Shanghai; hk Asia/Hong_Kong; jp Asia/Tokyo
kr Asia/Seoul; my Asia/Kuala_Lumpur; ph Asia/Manila; sg Asia/Singapore; th Asia/Bangkok; tw Asia/Taipei; vn Asia/Ho_Chi_Minh
dz Africa/Algiers; eg Africa/Cairo; et Africa/Addis_Ababa; gh Africa/Accra; ke Africa/Nairobi; ls Africa/Maseru; ma Africa/Casablanca
na Africa/Windhoek; ng Africa/Lagos; sn Africa/Dakar; tn Africa/Tunis; tz Africa/Dar_es_Salaam; ug Africa/Kampala; za Africa/Johannesburg
zm Africa/Lusaka; zw Africa/Harare; ar America/Argentina/Buenos_Aires; bo America/La_Paz; cr America/Costa_Rica; cu America/Havana
do America/Santo_Domingo; gt America/Guatemala; hn America/Tegucigalpa; jm America/Jamaica; pa America/Panama; pe America/Lima
py America/Asuncion; uy America/Montevideo; ve America/Caracas
"""
ZONES = {end: zone for line in _ZONES.strip().splitlines() for end, _, zone in (entry.partition(" ") for entry in line.split("; "))}
"""End of a host's name to IANA name."""


def zone_of_country(country: str) -> str | None:
    """IANA name of the zone of a country (ISO 3166) that has one."""
    return ZONES.get({"GB": "uk"}.get(country, country.lower()))


def zone_of_address(url: str) -> str | None:
    """IANA name of the zone of an address's country; None if its host tells none.

    >>> zone_of_address("https://www.post.example.jp/a")
    'Asia/Tokyo'
    """
    return ZONES.get(host_of(url).rpartition(".")[2]) if url else None
