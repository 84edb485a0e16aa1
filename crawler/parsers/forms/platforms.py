"""Platforms whose posts and films newspapers set into their pages: hosts, paths and attributes.

Source: the platforms' own embedding guides and the components of AMP (amp.dev), as of 2026. No host of a newspaper is among them.
"""

from __future__ import annotations

PLAYERS: dict[str, str] = {
    "9gag.com": r"/embed/",
    "aparat.com": r"/video/video/embed|/embed/",
    "bilibili.com": r"/player|/blackboard|/video/",
    "brightcove.net": r"",
    "brightcove.com": r"/services",
    "bsky.app": r"",
    "bandcamp.com": r"/EmbeddedPlayer",
    "coub.com": r"/embed/",
    "dailymotion.com": r"/embed|/player|/video/",
    "dai.ly": r"",
    "embed.podcasts.apple.com": r"",
    "facebook.com": r"(?:/v[\d.]+)?/plugins/(?:post|video|comment_embed)",
    "giphy.com": r"/embed/",
    "imgur.com": r"/.*embed",
    "instagram.com": r"/(?:[\w.]+/)?(?:p|reel|tv)/",
    "jwplatform.com": r"/(?:players|videos|previews)/",
    "jwplayer.com": r"/players/",
    "kinescope.io": r"",
    "linkedin.com": r"/embed/",
    "nicovideo.jp": r"/(?:watch|embed)|/thumb",
    "odysee.com": r"/\$/embed",
    "ok.ru": r"/videoembed",
    "open.spotify.com": r"/embed",
    "pinterest.com": r"/ext/embed|/pin/",
    "platform.twitter.com": r"/embed",
    "platform.x.com": r"/embed",
    "qq.com": r"/(?:iframe|txp|x/)",
    "reddit.com": r"/r/|/embed",
    "redditmedia.com": r"",
    "rumble.com": r"/embed/",
    "rutube.ru": r"/(?:play/embed|video/embed|pl/)",
    "soundcloud.com": r"/player",
    "streamable.com": r"/",
    "ted.com": r"/talks/",
    "telegram.org": r"",
    "telegram.me": r"/\w+/\d+",
    "t.me": r"/(?:s/)?\w+/\d+",
    "threads.com": r"/@[\w.]+/post/|/t/",
    "threads.net": r"/@[\w.]+/post/|/t/",
    "tiktok.com": r"/(?:embed|player)|/@[\w.]+/video/",
    "truthsocial.com": r"/@\w+/\d+|/users/",
    "twitch.tv": r"",
    "twitter.com": r"/i/(?:videos|status)/|/\w+/status",
    "vimeo.com": r"/(?:video/|event/)?\d+",
    "vk.com": r"/(?:video_ext|widget_post|video)",
    "vk.ru": r"/(?:video_ext|widget_post|video)",
    "vkvideo.ru": r"/video",
    "weibo.com": r"/\d+/\w+",
    "wistia.com": r"/embed",
    "wistia.net": r"/embed",
    "x.com": r"/i/(?:videos|status)/|/\w+/status",
    "youku.com": r"/embed/",
    "youtu.be": r"/",
    "youtube-nocookie.com": r"/embed/",
    "youtube.com": r"/(?:embed|shorts|live|v)/|/watch",
}
"""Host, subdomains too, and where the path of a post or player begins."""

POSTS: dict[str, str] = {
    "bsky.app": r"/profile/[^/]+/post/",
    "facebook.com": r"/(?:[^/]+/(?:posts|videos|photos)/|permalink|photo|watch|reel/|share/|story\.php|groups/)",
    "instagram.com": r"/(?:[\w.]+/)?(?:p|reel|tv)/",
    "linkedin.com": r"/(?:posts|feed)/",
    "reddit.com": r"/r/\w+/comments/",
    "t.me": r"/\w+/\d+",
    "threads.com": r"/@[\w.]+/post/|/t/",
    "threads.net": r"/@[\w.]+/post/|/t/",
    "tiktok.com": r"/@[\w.]+/(?:video|photo)/",
    "truthsocial.com": r"/@\w+/(?:posts/)?\d+",
    "twitter.com": r"/(?:\w+|i/web|#!/\w+)/status(?:es)?/\d+",
    "vk.com": r"/(?:wall|video|clip)-?\d+",
    "weibo.com": r"/\d+/\w+",
    "x.com": r"/(?:\w+|i/web)/status(?:es)?/\d+",
}
"""Host, subdomains too, and where the path of the address of one post begins."""

QUOTES = (
    r"twitter-(?:tweet|video)|tweet|instagram-media|fb-(?:post|video|xfbml)|tiktok-embed|bluesky-embed|reddit-|mastodon-embed|"
    r"text-post-media|telegram|imgur-embed|threads"
)
"""Names of quotations that hold a post."""

ADDRESSES = ("cite", "data-instgrm-permalink", "data-href", "data-embed-url", "data-text-post-permalink")
"""Attributes of an element that tell the address of a post."""

AMP: dict[str, tuple[str, str]] = {
    "amp-bluesky": ("data-uri", "{}"),
    "amp-brightcove": ("data-video-id", "https://players.brightcove.net/{account}/{player}_default/index.html?videoId={}"),
    "amp-dailymotion": ("data-videoid", "https://www.dailymotion.com/video/{}"),
    "amp-facebook": ("data-href", "{}"),
    "amp-iframe": ("src", "{}"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/{}/"),
    "amp-jwplayer": ("data-media-id", "https://cdn.jwplayer.com/players/{}-{player}.html"),
    "amp-reddit": ("data-src", "{}"),
    "amp-soundcloud": ("data-trackid", "https://api.soundcloud.com/tracks/{}"),
    "amp-tiktok": ("data-src", "{}"),
    "amp-twitter": ("data-tweetid", "https://twitter.com/i/status/{}"),
    "amp-vimeo": ("data-videoid", "https://vimeo.com/{}"),
    "amp-vk": ("data-href", "{}"),
    "amp-youtube": ("data-videoid", "https://www.youtube.com/watch?v={}"),
    "lite-vimeo": ("videoid", "https://vimeo.com/{}"),
    "lite-youtube": ("videoid", "https://www.youtube.com/watch?v={}"),
    "oembed": ("url", "{}"),
    "video-js": ("data-video-id", "https://players.brightcove.net/{account}/{player}_default/index.html?videoId={}"),
}
"""Elements that stand for a post or film: the attribute that names it, and its address."""
