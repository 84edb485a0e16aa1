"""Pictures left out by name or size: whole words alone count, and never against a caption or the page's head."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsers.document.page import Page
from crawler.parsers.images.noise import named_as_noise
from crawler.parsers.template import parse

URL = "https://gazette.example/harbour/ice"
PROSE = [
    "The harbour was closed for a second day on Monday because the ice had grown thicker than the breakers can cut, the pilots said.",
    "Some forty ships wait outside the mole, most of them with fruit, and their owners have begun to count what the delay costs them.",
    "A thaw is expected by the end of the week, when the wind turns, but nobody at the signal station wanted to promise anything.",
]


def files(inside: str, head: str = "") -> list[str]:
    text = "".join(f"<p>{line}</p>" for line in PROSE[1:])
    html = f"<html><head><title>Harbour closed by ice</title>{head}</head><body><article><h1>Harbour closed by ice</h1><p>{PROSE[0]}</p>{inside}{text}</article></body></html>"
    return [image.url.rsplit("/", 1)[-1] for image in parse(Page.from_text(URL, datetime(2026, 3, 2, tzinfo=UTC), html)).images]


@pytest.mark.parametrize(
    "name",
    [
        "wp-content/2026/harbour-681x1024.jpg", "harbour_1950_1600px.jpg", "google-pixel-12-on-a-table.jpg", "avatar-film-premiere.jpg",
        "police-badge-on-coat.jpg", "tracking-the-storm.jpg", "company-logo-on-tower.jpg", "crop/184x240/2641x1878/harbour.jpg",
        "iconic-lighthouse.png", "logos-of-peace-march-in-oslo.png", "sharing-bread.jpg", "bannerman-castle-ruins.png", "spacerockets.jpg",
        "button-factory-fire.jpg", "1x1-meeting.jpg", "emojis-in-court.webp", "stats/harbour.jpg", "blankenese-elbe.png",
    ],
)  # fmt: skip
def test_a_word_within_a_name_is_no_noise(name: str) -> None:
    assert not named_as_noise(f"https://img.paper.example/{name}")


@pytest.mark.parametrize(
    "name",
    [
        "logo.png", "paper-logo.png", "static/Logo_White.svg", "bbclogo.gif", "img/icon-facebook.png", "sprite.png", "icons/share.png", "avatars/jane.jpg",
        "default-avatar.jpg", "pixel.gif", "1x1.gif", "blank.gif", "spacer.gif", "transparent_h-3_w-4.gif", "placeholder.png", "grey-placeholder.png",
        "ads/boots.jpg", "badge-app-store.svg", "qr-code.png", "tracking/p.gif", "emoji/1f600.png", "lazyload.gif", "btn_share.gif",
    ],
)  # fmt: skip
def test_names_of_logos_icons_and_pixels(name: str) -> None:
    assert named_as_noise(f"https://img.paper.example/{name}")


PLAIN = "<img src=/p/ice-2026.jpg width=1200 height=800>"
SAID = "<figcaption>Ships wait outside the mole. Photo: Ada Berg</figcaption>"


@pytest.mark.parametrize(
    "inside",
    [
        f"<figure class=img-share>{PLAIN}{SAID}</figure>",
        f"<div class='inline paywalled'><figure>{PLAIN}{SAID}</figure></div>",
        f"<div class='author-uploads'><figure>{PLAIN}{SAID}</figure></div>",
        f"<div class=social-image>{PLAIN}<div class=caption>Navires devant le môle. Photo : Ada Berg</div></div>",
        f"<figure><img src=/p/ice-2026.jpg width=16 height=9>{SAID}</figure>",
        f"<figure><img src=/p/ice-2026.jpg width=1 height=1>{SAID}</figure>",
        "<img src=/p/ice-2026.jpg width=3 height=2>",
        "<div class=bild><img src=/p/ice-2026.jpg width=60 height=40><span class=bildunterschrift>Schiffe im Eis. Foto: Ada Berg</span></div>",
        "<figure><img src=/icons/ice-2026.jpg><figcaption>Las naves. Foto: Ada Berg</figcaption></figure>",
    ],
)
def test_nothing_speaks_against_a_captioned_picture(inside: str) -> None:
    assert files(inside) == ["ice-2026.jpg"]


def test_the_picture_of_the_head_is_kept_but_for_a_logo() -> None:
    assert files("<img src=/p/logo-ice-2026.png>", "<meta property=og:image content=/p/logo-ice-2026.png>") == []
    assert files("<img src=/icons/ice-2026.jpg>", "<meta property=og:image content=/icons/ice-2026.jpg>") == ["ice-2026.jpg"]


@pytest.mark.parametrize(
    "inside",
    [
        f"<figure>{PLAIN}<a href=#><img src=/i/zoom.svg></a>{SAID}</figure>",
        f"<figure>{PLAIN}<figcaption><img src=/i/camera-icon.png width=16 height=16> Ships wait. Photo: Ada Berg</figcaption></figure>",
        f"<figure>{PLAIN}{SAID}</figure><img src=https://count.example/c.gif width=1 height=1>",
        f"<figure>{PLAIN}{SAID}</figure><div class=related><figure><a href=/thaw><img src=/p/thaw.jpg></a><figcaption><a href=/thaw>Thaw expected</a></figcaption></figure></div>",
    ],
)
def test_icons_beside_a_captioned_picture_are_left_out(inside: str) -> None:
    assert files(inside) == ["ice-2026.jpg"]
