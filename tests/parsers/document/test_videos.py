"""Films of a page: links, players, scripts and hidden fields; each file once."""

from __future__ import annotations

import pytest
from small_pages import page

from crawler.parsers.document.videos import videos

H = "https://courier.example"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<a href=/f.mp4>Download</a>", [f"{H}/f.mp4"]),
        ("<a href='/F.MP4?x=1'>Download</a>", [f"{H}/F.MP4?x=1"]),
        ("<a href=/f.mp4.html>Page</a><a href=/mp4/>Folder</a>", []),
        ("<video src=/f.webm></video>", [f"{H}/f.webm"]),
        ("<video><source src=/f.m3u8><source src=/g.mp4></video>", [f"{H}/f.m3u8", f"{H}/g.mp4"]),
        ("<div data-video=/f.mov></div>", [f"{H}/f.mov"]),
        ("<script>player({file: '/f.mp4'})</script>", [f"{H}/f.mp4"]),
        ('<script>{"contentUrl":"https:\\/\\/v.example\\/f.mp4?a=b"}</script>', ["https://v.example/f.mp4?a=b"]),
        ("<script>var hls = {'hls' : \"/live.m3u8\"}</script>", [f"{H}/live.m3u8"]),
        ("<script>var name = 'f.mp4'</script>", []),
        ("<input type=hidden value=/SiteVideo/f.mp4>", [f"{H}/SiteVideo/f.mp4"]),
        ("<input type=hidden value=f.mp4>", []),
        ("<a href=//cdn.example/a/f.mp4>x</a><input value=/b/F.mp4>", ["https://cdn.example/a/f.mp4"]),
        ("<a href=javascript:play('f.mp4')>x</a>", []),
        ("<p>nothing", []),
    ],
)
def test_films(html: str, found: list[str]) -> None:
    answer = videos()(page(f"<html><body>{html}"))
    assert list(answer.value if answer else ()) == found
    if answer:
        assert answer.by == "player"
