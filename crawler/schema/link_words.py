"""Words of links that are found on pages of all hosts.

Shared lists refer to them. The bytes are a part of the format: once released they are never changed. What is likeliest stands last,
where references are found first.
"""

from __future__ import annotations

_SITES = (
    "youtube.com/channel/UC", "youtube.com/user/", "youtube.com/@", "linkedin.com/company/", "instagram.com/", "tiktok.com/@",
    "pinterest.com/", "threads.net/@", "facebook.com/sharer/sharer.php?u=https%3A%2F%2Fwww.",
    "linkedin.com/shareArticle?mini=true&url=https%3A%2F%2Fwww.", "facebook.com/",
)  # fmt: skip
_SERVICES = (
    "t.me/", "bsky.app/profile/", "whatsapp.com/channel/", "api.whatsapp.com/send?text=https%3A%2F%2Fwww.", "news.google.com/publications/",
    "apps.apple.com/us/app/", "play.google.com/store/apps/details?id=com.", "twitter.com/intent/tweet?text=&url=https%3A%2F%2Fwww.",
    "twitter.com/", "x.com/",
)  # fmt: skip
_NAMES = (
    "YouTube", "LinkedIn", "Instagram", "TikTok", "Pinterest", "Threads", "Telegram", "Bluesky", "WhatsApp", "Facebook", "Twitter",
    "Google News", "App Store", "Google Play",
)  # fmt: skip
_PAGES = {
    "privacy-policy/": "Privacy Policy", "terms-of-service": "Terms of Service", "terms-and-conditions": "Terms & Conditions",
    "cookie-policy": "Cookie Policy", "datenschutz": "Datenschutz", "impressum": "Impressum", "kontakt": "Kontakt", "agb": "AGB",
    "contact-us": "Contact us", "about-us": "About us", "newsletter": "Newsletter", "podcasts/": "Podcasts", "subscribe": "Subscribe",
    "advertise": "Advertise", "careers": "Careers", "login": "Login", "search": "Search", "search?q=": "",
    "author/": "", "tag/": "", "topics/": "", "category/": "", "article/": "", "story/": "",
    "news/world/": "World", "news/politics/": "Politics", "politique/": "Politique",
    "politik/": "Politik", "wirtschaft/": "Wirtschaft", "business/": "Business", "economy/": "Economy", "economie/": "Économie",
    "kultur/": "Kultur", "culture/": "Culture", "entertainment/": "Entertainment", "technology/": "Technology", "science/": "Science",
    "health/": "Health", "opinion/": "Opinion", "lifestyle/": "Lifestyle", "travel/": "Travel", "sport/football/": "", "sports/": "Sports",
    "sport/": "Sport", "video/": "Video", "2023/": "", "2024/": "", "2025/": "", "2026/": "",
}  # fmt: skip
LINK_WORDS = (
    "".join(f'["https://www.{site}",""],' for site in _SITES)
    + "".join(f'["https://{service}",""],' for service in _SERVICES)
    + "".join(f'","{name}"],["https://www.' for name in _NAMES)
    + "".join(f'["/{page}","{name}"],' for page, name in _PAGES.items())
    + '["mailto:?subject=&body=","index.php?","?utm_source=&utm_medium=&utm_campaign=",".com/",".html",""],["https://www.'
).encode()
"""As they stand in lists: the LZ4 dictionary of `link_bases.list`."""
