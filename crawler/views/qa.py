"""Table of checks of replays."""

QA = """
CREATE TABLE qa ( -- How a capture came out in replay: one look of `scrapy check-replay`; taken over by `reindex`, in no WARC.
    record_id TEXT NOT NULL REFERENCES captures(record_id) ON DELETE CASCADE, -- The capture that was looked at.
    date TEXT NOT NULL, -- When it was looked at.
    score_resources REAL NOT NULL, -- Share of what the page asked for or needs that the archive gave, from 0 to 1.
    score_text REAL, -- Share of the words of headline and body that could be read on the screen, in order; null where no text is known.
    wanted INTEGER NOT NULL, -- Resources that the page asked for or needs; not those left out.
    archived INTEGER NOT NULL, -- Of them those that the archive gave.
    missing INTEGER NOT NULL, -- Of them those that it did not give.
    left_out INTEGER NOT NULL, -- Resources that show nothing and count for nothing: trackers, films, what was sent.
    leaks INTEGER NOT NULL, -- Requests that the replay would have let out to other hosts; they were stopped.
    words INTEGER NOT NULL, -- Words of headline and body in the index.
    words_in_page INTEGER NOT NULL, -- Of them those in the page's text, whether or not it can be seen.
    words_on_screen INTEGER NOT NULL, -- Of them those that could be read on the screen, in order.
    errors INTEGER NOT NULL, -- Errors of the page's scripts.
    days_apart INTEGER NOT NULL, -- Days between the capture and the resource of the page that is furthest from it in time.
    seconds REAL NOT NULL, -- How long the look took.
    problems TEXT NOT NULL, -- What else happened, a JSON list: not quiet in time, a dialog, a download, it went elsewhere, ...
    missing_urls TEXT NOT NULL, -- What the archive did not give, a JSON list of {url, kind}; the first 200.
    browser TEXT NOT NULL, -- Name and version of the browser.
    replay TEXT NOT NULL, -- Version of pywb, or its address where it was running already.
    PRIMARY KEY (record_id, date),
    CHECK (score_resources BETWEEN 0 AND 1 AND (score_text IS NULL OR score_text BETWEEN 0 AND 1)),
    CHECK (wanted = archived + missing AND words_in_page <= words AND words_on_screen <= words),
    CHECK (json_valid(problems) AND json_valid(missing_urls))
) WITHOUT ROWID"""
