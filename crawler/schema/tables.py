"""Tables, full-text tables, views and indexes of `index.db`, as the first migration makes them.

The comment on the line of a table or column describes it: SQLite keeps it (`.schema captures` shows it), and `docs/schema.md` is
generated from it.

Times are ISO 8601 UTC text with microseconds, `2026-11-24T02:03:04.123456Z`, so that they sort. Lists and objects are compact
JSON with sorted keys. Captures, stories, versions, sightings, images, failures and links can be rebuilt from the WARCs alone.
"""

from __future__ import annotations

TABLES = (
    """
CREATE TABLE runs ( -- One run of a spider, with its verdict.
    id INTEGER PRIMARY KEY, -- Row number; other tables' `run_id`.
    site TEXT NOT NULL, -- The site crawled, or `web`, `replay`.
    started TEXT NOT NULL, -- When it began.
    ended TEXT, -- When it ended; null while it runs, or when it was killed.
    exit_code INTEGER, -- The exit code of the command; 0 is complete.
    reason TEXT, -- Why it ended, in Scrapy's words: `finished`, `shutdown`, ...
    arguments TEXT, -- The spider's arguments, a JSON object.
    stats TEXT -- Scrapy's counters at the end, a JSON object.
)""",
    """
CREATE TABLE captures ( -- One exchange as recorded: an address, a date, and where its bytes lie in a WARC.
    id INTEGER PRIMARY KEY, -- Row number.
    record_id TEXT NOT NULL UNIQUE, -- WARC-Record-ID of the response or revisit record: `urn:uuid:...`.
    run_id INTEGER REFERENCES runs(id), -- The run that fetched it; null after a rebuild.
    url TEXT NOT NULL, -- The address asked for.
    via TEXT, -- A web archive's address, where the copy did not come from the host itself.
    host TEXT NOT NULL, -- The host asked, lower case.
    site TEXT NOT NULL, -- The site it belongs to.
    story_id TEXT, -- The story asked for (its page or its pictures), whether or not the answer showed it.
    role TEXT NOT NULL, -- Why it was asked for: seed, feed, sitemap, section, story, requisite, robots or page.
    key TEXT NOT NULL, -- What stays the same when the host changes: ties pictures to captions, and captures to the frontier.
    language TEXT, -- The language of the mirror asked.
    found_on TEXT, -- The address of the page whose link led here.
    attempt INTEGER NOT NULL, -- 1 for the first attempt of this request, 2 for the next, ...
    date TEXT NOT NULL, -- When the request was sent: WARC-Date.
    method TEXT NOT NULL, -- The HTTP method.
    status INTEGER, -- The HTTP status; null where no readable status line came.
    mime TEXT, -- The media type the server named, without parameters.
    etag TEXT, -- The ETag sent, for asking again.
    last_modified TEXT, -- The Last-Modified sent, for asking again.
    payload_digest TEXT, -- `sha1:` and base32 of the entity body: transfer coding removed, content coding kept.
    block_digest TEXT, -- `sha1:` and base32 of the whole WARC block.
    warc TEXT NOT NULL, -- File name of the WARC.
    offset INTEGER NOT NULL, -- Where the record's gzip member begins, in bytes.
    length INTEGER NOT NULL, -- Length of that gzip member, in bytes.
    revisit_of TEXT, -- record_id of the capture whose payload this one repeats.
    truncated TEXT, -- Why the body is cut off: length, time, disconnect or unspecified (its record says it), torn (its file ends in it).
    problem TEXT, -- Why the answer is malformed, or how a record of another writer is odd.
    ip TEXT, -- The address connected to.
    protocol TEXT, -- `http/1.1`, `http/1.0` or `http/0.9`.
    tls TEXT, -- Version, cipher and certificate facts, a JSON object; null for plain HTTP.
    elapsed_ms INTEGER, -- Milliseconds from the request's first byte to the answer's last.
    state TEXT NOT NULL DEFAULT 'ok', -- `ok`, or `lost`: the WARC no longer holds the record.
    read_state TEXT NOT NULL DEFAULT 'unread' -- unread, read, unreadable or not-a-story.
)""",
    """
CREATE TABLE stories ( -- One story: the same on each mirror, under every address, through every edit.
    id TEXT PRIMARY KEY, -- Site and number: `presstv/459588`; where there is no number, site and address.
    site TEXT NOT NULL, -- The site: what stands before the slash.
    number INTEGER, -- The publisher's number, where the story has one.
    canonical_url TEXT, -- The address the newest version calls canonical.
    published TEXT, -- When first published, as the earliest version that says so prints it; a bare date where no time is known.
    section TEXT, -- The section the newest version names.
    language TEXT, -- The language of the newest version.
    first_seen TEXT, -- Date of the first capture that showed it; null where none did.
    last_seen TEXT, -- Date of the last capture that showed it.
    state TEXT, -- `live`, `gone` or `moved`: what the latest capture told.
    state_date TEXT, -- Date of the capture that told the state.
    versions INTEGER NOT NULL DEFAULT 0 -- How many distinct texts are known; 0 where the story was only ever missed.
)""",
    """
CREATE TABLE versions ( -- One distinct text of a story; a change of headline, deck, body, captions or credits makes another.
    id INTEGER PRIMARY KEY, -- Row number.
    story_id TEXT NOT NULL REFERENCES stories(id), -- The story.
    n INTEGER NOT NULL, -- 1, 2, ... by first_seen; the highest is the newest.
    text_digest TEXT NOT NULL, -- `sha256:` and hex of the text that counts, white space and invisible characters evened out.
    capture_id INTEGER NOT NULL REFERENCES captures(id), -- The earliest capture read as this version: all values here are from it.
    template TEXT, -- The page layout it was read with, or `generic`.
    reader_version TEXT, -- By which readers: as captures.reader_version.
    headline TEXT, -- The headline.
    headline_alternatives TEXT, -- Other headlines of the page (title, meta), a JSON list.
    deck TEXT, -- The summary beside the headline.
    body TEXT, -- The text, one paragraph a line.
    captions TEXT, -- The captions of its pictures, one a line; for full-text search (see table images).
    credits TEXT, -- The credits of its pictures, one a line; for full-text search (see table images).
    blocks TEXT, -- The body piece by piece, a JSON list of {kind, text, image}, with `url` where one is known; `image` is images.n.
    authors TEXT, -- A JSON list.
    published TEXT, -- When published, in UTC; a bare date where no time is known.
    published_raw TEXT, -- The date as printed.
    modified TEXT, -- When last changed, as the page says, in UTC.
    section TEXT, -- The section.
    breadcrumb TEXT, -- The path to the section, a JSON list of {text, url}.
    language TEXT, -- The language of the page.
    tags TEXT, -- A JSON list.
    videos TEXT, -- A JSON list of {url}.
    related TEXT, -- Stories the page points to, a JSON list of {text, url}.
    alternates TEXT, -- Hosts printed in the page's alternate-addresses line, a JSON list.
    canonical_url TEXT, -- The address the page calls canonical.
    read_by TEXT, -- Which reader found each field, a JSON object.
    problems TEXT, -- What was odd while reading, a JSON list.
    first_seen TEXT NOT NULL, -- Date of the first capture that showed this text.
    last_seen TEXT NOT NULL -- Date of the last capture that showed this text.
)""",
    """
CREATE TABLE sightings ( -- Which capture showed which version.
    capture_id INTEGER PRIMARY KEY REFERENCES captures(id), -- The capture.
    version_id INTEGER NOT NULL REFERENCES versions(id), -- The version it showed.
    host TEXT NOT NULL, -- The mirror that served it.
    date TEXT NOT NULL -- Date of the capture.
)""",
    """
CREATE TABLE images ( -- One editorial picture of a version, with its caption and credit apart.
    id INTEGER PRIMARY KEY, -- Row number.
    version_id INTEGER NOT NULL REFERENCES versions(id), -- The version.
    n INTEGER NOT NULL, -- Its place in the article from 0, as `blocks` of the version counts.
    url TEXT NOT NULL, -- The picture's address as the page gives it.
    key TEXT NOT NULL, -- What stays the same when the picture's host or size changes.
    caption TEXT, -- What the picture shows, credit removed.
    credit TEXT, -- Who made it, as printed.
    agency TEXT, -- The agency named in the credit.
    alt TEXT, -- The alternative text.
    raw TEXT, -- The caption as printed, credit included.
    capture_id INTEGER REFERENCES captures(id), -- The archived picture: the earliest good capture of its key; null where none is.
    file_byline TEXT, -- The photographer named inside the picture file (IPTC/XMP).
    file_credit TEXT, -- The credit inside the picture file (IPTC/XMP).
    file_copyright TEXT -- The copyright notice inside the picture file (IPTC/XMP).
)""",
    """
CREATE TABLE failures ( -- One attempt without a usable answer.
    id INTEGER PRIMARY KEY, -- Row number.
    run_id INTEGER REFERENCES runs(id), -- The run; null after a rebuild.
    url TEXT NOT NULL, -- The address asked for.
    host TEXT NOT NULL, -- The host asked.
    site TEXT NOT NULL, -- The site it belongs to.
    story_id TEXT, -- The story asked for.
    role TEXT NOT NULL, -- Why it was asked for, as in captures.
    key TEXT NOT NULL, -- The key of the request, as in captures.
    language TEXT, -- The language of the mirror asked.
    found_on TEXT, -- The address of the page whose link led here.
    date TEXT NOT NULL, -- When the attempt began.
    reason TEXT NOT NULL, -- One word: dns, connect, tls, timeout, status, challenge, seized, wrong-article, ...
    detail TEXT, -- What exactly happened.
    attempt INTEGER NOT NULL, -- 1 for the first attempt of this request, 2 for the next, ...
    bytes INTEGER NOT NULL, -- Bytes received.
    elapsed_ms INTEGER, -- Milliseconds the attempt took.
    capture_id INTEGER REFERENCES captures(id) -- The capture that holds what came; null where no byte came.
)""",
    """
CREATE TABLE mirrors ( -- How each host of a site is doing.
    site TEXT NOT NULL, -- The site.
    host TEXT NOT NULL, -- The host.
    state TEXT NOT NULL, -- well, resting, dead, seized, challenge or stale.
    since TEXT, -- Since when it is in that state.
    last_ok TEXT, -- When it last gave a usable answer.
    last_error TEXT, -- What its last failure was.
    successes INTEGER NOT NULL DEFAULT 0, -- Usable answers so far.
    failures INTEGER NOT NULL DEFAULT 0, -- Attempts without a usable answer so far.
    PRIMARY KEY (site, host)
)""",
    """
CREATE TABLE frontier ( -- Requests yet to be made, and how earlier ones ended: one row a request.
    key TEXT PRIMARY KEY, -- What makes the request unique, whatever the host.
    url TEXT NOT NULL, -- The address; its host is chosen anew each time.
    site TEXT NOT NULL, -- The site it belongs to.
    story_id TEXT, -- The story it is for.
    role TEXT NOT NULL, -- Why it is asked for, as in captures.
    language TEXT, -- The language it must be asked for in.
    priority INTEGER NOT NULL DEFAULT 0, -- The higher goes first.
    due TEXT, -- Not to be asked for before; of a done row, when to ask again (empty for never).
    state TEXT NOT NULL, -- queued, leased, captured; or final: done, failed, refused.
    reason TEXT, -- Why it failed or was refused.
    detail TEXT, -- What exactly happened.
    lease_until TEXT, -- When a lease runs out.
    attempts INTEGER NOT NULL DEFAULT 0, -- Attempts so far, on all hosts.
    tried TEXT, -- Hosts asked since it was last queued anew, a JSON list with one entry an attempt.
    etag TEXT, -- Validator for asking again.
    last_modified TEXT, -- Validator for asking again.
    validates TEXT, -- record_id of the capture the validators are of.
    validates_host TEXT, -- The host the validators are good for.
    found_on TEXT, -- The address of the page whose link led here.
    depth INTEGER NOT NULL DEFAULT 0, -- Links between the seed and this address.
    hint TEXT, -- The last headline a feed gave.
    host TEXT, -- The only host to ask, where it matters: a feed is asked for on each mirror.
    answered TEXT, -- Hosts that have answered that the page is not there, while others are still asked: a JSON list.
    run_id INTEGER REFERENCES runs(id), -- The run that touched it last.
    record_id TEXT, -- record_id of its last capture.
    added TEXT, -- When it was found.
    changed TEXT -- When this row last changed.
)""",
    """
CREATE TABLE links ( -- The addresses on a page, in page order.
    capture_id INTEGER NOT NULL REFERENCES captures(id), -- The page.
    position INTEGER NOT NULL, -- 0, 1, ... from the top.
    url TEXT NOT NULL, -- Where it leads.
    text TEXT, -- Its words.
    PRIMARY KEY (capture_id, position)
) WITHOUT ROWID""",
    """
CREATE TABLE warcs ( -- One WARC file that is sealed, or referred to from elsewhere.
    name TEXT PRIMARY KEY, -- Its file name, as in captures.warc.
    path TEXT NOT NULL, -- Where it lies; relative paths begin at the collection.
    bytes INTEGER, -- Its size.
    sealed TEXT, -- When it was sealed.
    sha256 TEXT -- SHA-256 of the whole file, lower-case hex.
)""",
)
