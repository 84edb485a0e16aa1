"""HTML of The Harbour Courier: three layouts of stories, and the fronts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from crawler.demo.stories import SECTIONS, Picture, Piece, Story

NAME = "The Harbour Courier"
WWW = "www.courier.example"
COPY = "courier.copy.example"
FRENCH = "fr.courier.example"
PICTURES = "pictures.courier.example"
COUNTER = "counter.courier.example"
OTHER_ADDRESSES = ("www.courier.test", "courier.mirror.example")
PER_PAGE = 3

def story_page(story: Story, stories: dict[str, Story]) -> str:
    """Render a story in its own layout."""
    return {"modern": _modern, "classic": _classic, "tables": _tables}[story.layout](story, stories)


def front(stories: Sequence[Story], *, title: str, path: str, page: int) -> str:
    """Render a front page or section front: some stories, newest first, and a pager."""
    last = max(1, -(-len(stories) // PER_PAGE))
    shown = stories[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = "".join(
        f'<div class="teaser"><h2><a href="{s.path}">{escape(s.headline)}</a></h2><p>{escape(s.deck)}</p></div>' for s in shown
    )  # fmt: skip
    pager = "".join(f'<a href="{path}/{n}">{n}</a> ' for n in range(1, last + 1)) if path != "/" else ""
    more = f'<a rel="next" href="{path}/{page + 1}">Older stories</a>' if path != "/" and page < last else ""
    return _page(title, f'<h1 class="front">{escape(title)}</h1>{rows}<p class="pager">{pager}{more}</p>')


def missing() -> str:
    """Render the page of a 404."""
    return _page(f"Not found | {NAME}", "<h1>There is no such page</h1><p>It may have gone out with the tide.</p>")


SEIZED = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>This website has been seized</title>
<style>body{background:#06245c;color:#fff;font:20px/1.5 sans-serif;text-align:center;padding:12vh 2rem}</style></head><body>
<h1>THIS WEBSITE HAS BEEN SEIZED</h1><p>by the Bureau of Tides and Moorings, in accordance with a warrant issued by the Assize of Brackwater
under the Lanterns and Beacons Act, as part of a law enforcement action against unlicensed poetry.</p>
<p><small>There is no such bureau, assize or act: this banner belongs to a demonstration.</small></p></body></html>
"""


def _page(title: str, inside: str, head: str = "", language: str = "en") -> str:
    sections = "".join(f'<a href="/section/{key}">{name}</a>' for key, name in SECTIONS.items())
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="stylesheet" href="//{PICTURES}/look/courier.css">\n'
        f'<link rel="icon" href="//{PICTURES}/look/icon.png"><script src="//{PICTURES}/look/section.js" defer></script>\n'
        f'<link rel="alternate" type="application/rss+xml" href="/feed.xml">\n{head}</head>\n<body>\n'
        f'<header><div class="wrap"><a class="masthead" href="/">{NAME}</a><nav>{sections}</nav></div></header>\n<main '
        f'class="wrap">\n{inside}\n</main>\n'
        f'<footer><div class="wrap">{NAME}, Port Merrow. Every word and wave in it is invented. <a href="/feed.xml">Feed</a>'
        f"</div></footer>\n</body>\n</html>\n"
    )


def _modern(story: Story, stories: dict[str, Story]) -> str:
    host = FRENCH if story.language == "fr" else WWW
    address = f"http://{host}{story.path}"
    metas = {"og:type": "article", "og:title": story.headline, "og:url": address, "article:published_time": story.published.isoformat()}
    if story.modified:
        metas["article:modified_time"] = story.modified.isoformat()
    if story.lead:
        metas["og:image"] = f"http://{PICTURES}{story.lead.path}"
    head = "".join(f'<meta property="{name}" content="{escape(value)}">\n' for name, value in metas.items())
    head += f'<link rel="canonical" href="{address}">\n' + (
        f'<meta name="description" content="{escape(story.deck)}">\n' if story.deck else ""
    )
    lead = _figure(story.lead) if story.lead else ""
    body = "\n".join(_piece(piece, stories) for piece in story.pieces)
    deck = f'<p class="standfirst">{escape(story.deck)}</p>' if story.deck else ""
    author = f'<span class="byline">{escape(story.author)}</span>, ' if story.author else ""
    share = (
        ("Partager cet article", "Lire aussi le Courrier à l'adresse :")
        if story.language == "fr"
        else ("Share this story", f"{NAME} can also be read at:")
    )
    others = " ".join(f'<a href="http://{other}/">{other}</a>' for other in OTHER_ADDRESSES)
    inside = (
        f'<article class="story" data-number="{story.number}">\n<p class="crumbs"><a href="/">Home</a> / <a '
        f'href="/section/{story.section}">{SECTIONS[story.section]}</a></p>\n'
        f'<h1 class="headline">{escape(story.headline)}</h1>\n{deck}\n'
        f'<p class="dateline">{author}<time datetime="{story.published.isoformat()}">{story.published:%d %B %Y, %H:%M} '
        f"GMT</time></p>\n{lead}\n"
        f'<div class="body">\n{body}\n</div>\n<div class="elsewhere"><p>{share[1]}</p>{others}</div>\n'
        f'<div class="share"><h5>{share[0]}</h5><a href="https://social.invalid/share?u={escape(address)}">Post</a></div>\n</article>\n'
        f'<img src="http://{COUNTER}/seen/{story.number}.png" width="1" height="1" alt="">'
    )
    return _page(f"{story.headline} | {NAME}", inside, head, story.language)


def _figure(picture: Picture) -> str:
    credit = escape(picture.credit)
    caption = escape(picture.caption) + (f' <span class="credit">{credit}</span>' if picture.element and credit else f" {credit}".rstrip())
    printed = f"<figcaption>{caption.strip()}</figcaption>" if caption.strip() else ""
    sizes = f'//{PICTURES}{picture.small} 160w, //{PICTURES}{picture.path} 320w'
    shown = f'<img src="//{PICTURES}{picture.path}" srcset="{sizes}" sizes="320px" alt="{escape(picture.caption)}" width="320">'
    return f"<figure>{shown}{printed}</figure>"


def _piece(piece: Piece, stories: dict[str, Story]) -> str:
    if piece.kind == "picture" and piece.picture:
        return _figure(piece.picture)
    if piece.kind == "related":
        other = stories[piece.text]
        link = f'<a href="{other.path}">{escape(other.headline)}</a>'
        return f'<aside class="related"><b>Read also</b> {link}<p>{escape(other.deck)}</p></aside>'
    if piece.kind == "list":
        return "<ul>" + "".join(f"<li>{escape(entry)}</li>" for entry in piece.entries) + "</ul>"
    before, after = {"heading": ("<h2>", "</h2>"), "quote": ("<blockquote><p>", "</p></blockquote>")}.get(piece.kind, ("<p>", "</p>"))
    return before + escape(piece.text) + after


def _classic(story: Story, stories: dict[str, Story]) -> str:
    body = []
    for piece in story.pieces:
        if piece.kind == "picture" and piece.picture:
            body.append(_picture(piece.picture))
        elif piece.kind == "related":
            other = stories[piece.text]
            body.append(f'<div class="also">See also: <a href="{other.path}">{escape(other.headline)}</a></div>')
        else:
            body.append(f"<p>{escape(piece.text)}</p>")
    when = f"{story.published:%a %b} {story.published.day}, {story.published.year} {story.published:%I:%M%p}"
    summary = f'<div class="summary">{escape(story.deck)}</div>' if story.deck else ""
    inside = (
        f'<div id="story" data-id="{story.number}">\n<div class="trail"><a href="/section/{story.section}">'
        f'{SECTIONS[story.section]}</a></div>\n'
        f'<h2 class="title">{escape(story.headline)}</h2>\n<div class="printed">{when}</div>'
        f'\n{summary}\n{_picture(story.lead) if story.lead else ""}\n'
        f'<div class="text">\n' + "\n".join(body) + "\n</div>\n"
        '<div class="tools"><a href="javascript:print()">Print</a> | <a href="mailto:desk@courier.invalid">Write to us</a></div>\n</div>'
    )  # fmt: skip
    return _page(f"{NAME} - {story.headline}", inside)


def _picture(picture: Picture) -> str:
    words = escape(f"{picture.caption} {picture.credit}".strip())
    return (
        f'<div class="picture"><img src="http://{PICTURES}{picture.path}" alt="{escape(picture.caption)}"><p class="cap">{words}</p></div>'
    )


def _tables(story: Story, stories: dict[str, Story]) -> str:
    photo = ""
    if story.lead:
        words = escape(f"{story.lead.caption} {story.lead.credit}".strip())
        photo = (
            f'<TABLE ALIGN=right WIDTH=220 CELLPADDING=4><TR><TD><IMG SRC="http://{PICTURES}{story.lead.path}" WIDTH=220 '
            f"BORDER=0></TD></TR>\r\n"
            f"<TR><TD CLASS=imgcap><FONT SIZE=1>{words}</FONT></TD></TR></TABLE>\r\n"
        )
    body = "\r\n<BR><BR>\r\n".join(escape(piece.text, quote=False) for piece in story.pieces if piece.kind == "paragraph")
    when = f"{story.published:%A} {story.published.day} {story.published:%B %Y %H:%M} GMT"
    return (
        f'<HTML>\r\n<HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8"><TITLE>Harbour Courier: '
        f"{escape(story.headline, quote=False)}</TITLE></HEAD>\r\n"
        f"<BODY BACKGROUND=http://{PICTURES}/look/paper.png BGCOLOR=#FAF8F3 TEXT=#222222 LINK=#334455>\r\n"
        "<TABLE CLASS=page WIDTH=720 ALIGN=center CELLPADDING=6>\r\n"
        f'<TR><TD COLSPAN=2><A HREF="/"><FONT SIZE=6>{NAME}</FONT></A></TD></TR>\r\n<TR><TD VALIGN=top WIDTH=520>\r\n'
        f"<TABLE><TR><TD CLASS=head><B><FONT SIZE=5>{escape(story.headline, quote=False)}</FONT></B></TD></TR>\r\n<TR><TD "
        f"CLASS=date>{when}</TD></TR>\r\n"
        f'<TR><TD CLASS=story>{photo}{body}</TD></TR>\r\n<TR><TD><A HREF="/story.cgi?print={story.number}">Printer version</A>'
        f"</TD></TR></TABLE></TD>\r\n"
        f'<TD VALIGN=top WIDTH=200><A HREF="/section/{story.section}">More {SECTIONS[story.section]}</A></TD></TR>\r\n'
        "<TR><TD COLSPAN=2><FONT SIZE=1>&copy; The Harbour Courier, Port Merrow</FONT></TD></TR></TABLE>\r\n</BODY>\r\n</HTML>\r\n"
    )
