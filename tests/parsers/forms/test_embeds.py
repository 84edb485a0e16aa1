"""Posts and films keep their address, words and place; words in a display box stand once."""

from __future__ import annotations

import pytest
from small_pages import page

from crawler.items import Article
from crawler.parsers.forms.embeds import is_player, is_post
from crawler.parsers.generic.generic import read_generic

FIRST = "The council of Port Ellery has voted to keep the old swing bridge open for the whole of the winter, after four hours of debate."
SECOND = (
    "It will be greased every week, said the mayor, who had asked for the vote herself in autumn, and lorries will go round by the mill."
)
LAST = "The figures are to be looked at again on the second Thursday of January, when the contractor has named a new price for the gear."
POST = "The bridge stays open. Thank you all for coming out tonight in this rain."


def read(middle: str, *, above: str = "", below: str = "", beside: str = "") -> Article:
    text = f'<div class="text"><p>{FIRST}</p><p>{SECOND}</p>{middle}<p>{LAST}</p>{below}</div>'
    story = f"<article><h1>Bridge stays open for the winter</h1>{above}{text}</article>"
    return read_generic(page(f'<html lang="en"><body><nav><a href="/">Morrow</a></nav>{story}{beside}</body></html>'))


POSTS = [
    (
        f'<blockquote class="twitter-tweet"><p>{POST}</p>— Odette (@odette) <a href="https://twitter.com/odette/status/1767?ref_src=x">March 12</a></blockquote>',
        "https://twitter.com/odette/status/1767?ref_src=x",
    ),
    (
        f'<blockquote><p>{POST}</p>— Odette (@odette) <a href="https://x.com/odette/status/1767">12 mars 2024</a></blockquote>',
        "https://x.com/odette/status/1767",
    ),
    (
        '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/Cxyz/"><div>'
        f'<a href="https://www.instagram.com/p/Cxyz/">Sieh dir diesen Beitrag an</a><p>{POST}</p></div></blockquote>',
        "https://www.instagram.com/p/Cxyz/",
    ),
    (
        '<div class="fb-post" data-href="https://www.facebook.com/port/posts/99"><blockquote cite="https://www.facebook.com/port/posts/99">'
        f'<p>{POST}</p>Publié par <a href="https://www.facebook.com/port/">Port</a></blockquote></div>',
        "https://www.facebook.com/port/posts/99",
    ),
    (
        f'<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@port/video/71"><section><a href="https://www.tiktok.com/@port">@port</a><p>{POST}</p></section></blockquote>',
        "https://www.tiktok.com/@port/video/71",
    ),
    (
        f'<blockquote class="bluesky-embed" data-bluesky-uri="at://x/3k"><p>{POST}</p>— Odette (<a href="https://bsky.app/profile/o">@o</a>) <a href="https://bsky.app/profile/o/post/3k">12 марта</a></blockquote>',
        "https://bsky.app/profile/o/post/3k",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("mark_up", "url"), POSTS, ids=[url.split("/")[2] for _, url in POSTS])
def test_a_post_is_one_block_with_its_words(mark_up: str, url: str) -> None:
    article = read(mark_up)
    embed = article.blocks[2]
    assert (embed.kind, embed.url) == ("embed", url)
    assert POST in (embed.text or "")
    assert [block.text for block in article.blocks if block.kind != "embed"] == [FIRST, SECOND, LAST]
    assert article.body.count(POST) == 1


FRAMES = [
    ('<figure><div><iframe src="//www.youtube.com/embed/abc?rel=0"></iframe></div></figure>', "https://www.youtube.com/embed/abc?rel=0"),
    ('<iframe data-src="https://www.youtube-nocookie.com/embed/abc"></iframe>', "https://www.youtube-nocookie.com/embed/abc"),
    ('<p><iframe src="https://player.vimeo.com/video/777"></iframe></p>', "https://player.vimeo.com/video/777"),
    ('<div><iframe src="https://www.dailymotion.com/embed/video/x8"></iframe></div>', "https://www.dailymotion.com/embed/video/x8"),
    ('<iframe src="https://players.brightcove.net/1/d_d/index.html?videoId=4"></iframe>', "https://players.brightcove.net/1/d_d/index.html?videoId=4"),
    ('<iframe src="https://t.me/port/43?embed=1"></iframe>', "https://t.me/port/43?embed=1"),
    ('<iframe src="https://social.example/@odette/11/embed"></iframe>', "https://social.example/@odette/11/embed"),
    ('<iframe src="https://platform.twitter.com/embed/Tweet.html?dnt=false&amp;id=1767&amp;lang=de"></iframe>', "https://twitter.com/i/status/1767"),
    ('<script async src="https://telegram.org/js/w.js" data-telegram-post="port/43"></script>', "https://t.me/port/43"),
    ('<amp-twitter data-tweetid="1767"></amp-twitter>', "https://twitter.com/i/status/1767"),
    ('<amp-youtube data-videoid="abc"></amp-youtube>', "https://www.youtube.com/watch?v=abc"),
    ('<amp-iframe src="https://ok.ru/videoembed/5"></amp-iframe>', "https://ok.ru/videoembed/5"),
    ('<amp-brightcove data-account="1" data-player="d" data-video-id="4"></amp-brightcove>', "https://players.brightcove.net/1/d_default/index.html?videoId=4"),
    ('<figure class="media"><oembed url="https://vimeo.com/777"></oembed></figure>', "https://vimeo.com/777"),
    ('<figure><div>https://twitter.com/odette/status/1767</div></figure>', "https://twitter.com/odette/status/1767"),
    ('<blockquote class="twitter-tweet"><a href="https://twitter.com/odette/status/1767"></a></blockquote>', "https://twitter.com/odette/status/1767"),
]  # fmt: skip


@pytest.mark.parametrize(("mark_up", "url"), FRAMES, ids=[str(n) for n in range(len(FRAMES))])
def test_a_frame_or_component_is_a_block_with_its_address(mark_up: str, url: str) -> None:
    article = read(mark_up)
    assert [(block.kind, block.url or block.text) for block in article.blocks] == [
        ("paragraph", FIRST), ("paragraph", SECOND), ("embed", url), ("paragraph", LAST),
    ]  # fmt: skip
    assert article.body == "\n".join((FIRST, SECOND, LAST))


def test_films_above_and_under_the_text_are_the_articles() -> None:
    films = [f'<div><iframe src="https://www.youtube.com/embed/{name}"></iframe></div>' for name in ("a", "b")]
    article = read("", above=films[0], below=films[1])
    assert [block.url for block in article.blocks if block.kind == "embed"] == [
        f"https://www.youtube.com/embed/{name}" for name in ("a", "b")
    ]


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"beside": '<aside><iframe src="https://www.youtube.com/embed/a"></iframe></aside>'},
        {"beside": '<footer><iframe src="https://www.youtube.com/embed/a"></iframe></footer>'},
        {"middle": '<iframe src="https://ads.example/frame"></iframe>'},
        {"middle": '<iframe src="https://www.facebook.com/v6.0/plugins/like.php?href=x"></iframe>'},
        {"middle": "<blockquote><p>Nobody wants to be remembered as the one who shut <a href='/bridge'>it</a> for good.</p></blockquote>"},
    ],
)
def test_what_is_no_embed_of_the_article(elsewhere: dict[str, str]) -> None:
    article = read(**{"middle": "", **elsewhere})
    assert not [block for block in article.blocks if block.kind == "embed"]


@pytest.mark.parametrize(
    ("url", "post", "player"),
    [
        ("https://twitter.com/odette", False, False),
        ("https://mobile.twitter.com/odette/status/1", True, True),
        ("https://nottwitter.com/odette/status/1", False, False),
        ("https://www.youtube.com/@channel", False, False),
        ("https://www.youtube.com/watch?v=abc", False, True),
        ("https://[broken", False, False),
    ],
)
def test_addresses_of_posts_and_players(url: str, post: bool, player: bool) -> None:
    assert (is_post(url), is_player(url)) == (post, player)


WORDS = "Nobody here wants to be remembered as the person who shut the bridge"
SAID = f"<p>“{WORDS},” said the mayor, who had asked for the vote herself and had waited for it since the autumn fair.</p>"


@pytest.mark.parametrize(
    "box",
    [
        f'<blockquote class="pullquote"><p>“{WORDS}”</p><footer>— Odette Farrow, mayor</footer></blockquote>',
        f'<aside class="pull"><p>{WORDS}.</p></aside>',
        f'<figure class="quote"><blockquote>{WORDS}</blockquote><figcaption>Odette Farrow</figcaption></figure>',
        f'<div class="zitat-box"><p>„{WORDS}“</p><span>Odette Farrow</span></div>',
        f"<blockquote><p>{WORDS}</p></blockquote>",
        f'<h3 class="destaque">«{WORDS}»</h3>',
        f'<p class="pull-quote">{WORDS}</p>',
        "<blockquote><p>Nobody here wants to be remembered […] as the person who shut the bridge</p></blockquote>",
    ],
)
@pytest.mark.parametrize("order", ["behind", "before"])
def test_words_set_as_a_display_box_stand_once(box: str, order: str) -> None:
    article = read(SAID + box if order == "behind" else box + SAID)
    assert article.body.count("Nobody here wants") == 1
    assert "Odette" not in article.body
    assert "autumn fair" in article.body


def test_a_quotation_that_no_paragraph_holds_stays() -> None:
    article = read(f"<p>The mayor said in the full hall, late at night:</p><blockquote><p>{WORDS}.</p></blockquote>")
    assert article.body.count(WORDS) == 1
