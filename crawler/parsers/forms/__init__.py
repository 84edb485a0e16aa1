"""Forms of articles: live blogs, corrections, embeds, pull quotes, beginnings of paid articles."""
