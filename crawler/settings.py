"""Every setting with its unit and reason; docs/settings.md is generated from the `#:` lines."""

from __future__ import annotations

import os
from pathlib import Path

from crawler import __version__
from crawler.shared_settings import *  # noqa: F403 - settings of workers and stores, in a file of their own

BOT_NAME = "crawler"
_ROOT = Path(__file__).resolve().parent.parent
data_directory = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
# ------------------------------------------------------------------------------------------------ ours: where and what
#: Directory that holds the collections. The environment variable of the same name sets it too; never taken from the working directory alone. Default: `archives/` of a checkout; of an installed package `news-archive/` in the user's data directory (`$XDG_DATA_HOME`, or `~/.local/share`).
ARCHIVE_DIR: str | None = os.environ.get("ARCHIVE_DIR") or str(_ROOT / "archives" if (_ROOT / "scrapy.cfg").exists() else data_directory / "news-archive")
#: Name of the collection, a folder under ARCHIVE_DIR. Default: the spider's name.
ARCHIVE_COLLECTION: str | None = None
#: Further folders with site files, a list of directories. The demo uses it.
ARCHIVE_SITES: list[str] = []
#: Who runs the crawl, for `warcinfo`: a name and a way to reach you.
ARCHIVE_OPERATOR: str | None = None
#: How site owners reach you: `mailto:NAME@HOST`, or the http(s) address of a page that explains the robot (docs/robot-page.html is one to fill in); becomes part of the User-Agent. A crawl of the public web without it logs a warning.
ARCHIVE_CONTACT: str | None = None
# ------------------------------------------------------------------------------------------------ ours: the wire
#: Where to connect instead: `host:port=address:port,...`, as curl's `--connect-to`. `*` as the left port matches all ports, `*:*` all hosts. The true name stays in Host, SNI and verification; the address is exempt from the guard.
ARCHIVE_CONNECT_TO: str | None = None
#: Exceptions to the address guard: `address:port,...`. Without them only public addresses on ports 80 and 443 are connected to.
ARCHIVE_ALLOW_ADDRESSES: str | None = None
#: PEM file with further trust anchors, beside the system's; an anchor need not be a root.
ARCHIVE_CA_FILE: str | None = None
#: `verify`: a bad certificate is a failed fetch; TLS 1.2 and 1.3 with OpenSSL's default ciphers. `record`: a bad certificate is captured all the same, marked `verified: false` with the reason; and where a server offers nothing newer, TLS 1.0 and 1.1, DH groups below 2048 bits, SHA-1 in handshakes and servers without secure renegotiation are spoken with too. What `verified` says is of the certificate (chain, name, dates, strength), whatever version and cipher the connection has, which are kept beside it. A failure for which the certificate does not matter is not tried a second time with weaker settings: no TLS, an unknown name, HTTP/2 only, a client certificate asked for (none is ever sent). As with curl, intermediate certificates that a server leaves out are not fetched, and revocation is not checked (Python's ssl does not).
ARCHIVE_TLS = "verify"
#: Proxy for every connection: `http://host:port` or `socks5://host:port` (names are resolved at the proxy, so Tor works). Proxy variables of the environment are ignored.
ARCHIVE_PROXY: str | None = None
#: Seconds to wait for a connection, TLS handshake included.
ARCHIVE_CONNECT_TIMEOUT = 15.0
#: Seconds without a byte after which an exchange is cut off.
ARCHIVE_IDLE_TIMEOUT = 30.0
#: Seconds a page's exchange may take in all; media may take ten times as long while bytes keep coming.
ARCHIVE_TOTAL_TIMEOUT = 120.0
#: Bytes of a page's body; what is over is cut off and marked `WARC-Truncated: length`.
ARCHIVE_MAX_PAGE_BYTES = 64 * 1024 * 1024
#: Bytes of a picture, script or video.
ARCHIVE_MAX_MEDIA_BYTES = 2 * 1024 * 1024 * 1024
#: Bytes of a robots.txt; what is over is ignored (RFC 9309 asks for at least 500 KiB).
ARCHIVE_MAX_ROBOTS_BYTES = 512 * 1024
#: Bytes of a feed or sitemap.
ARCHIVE_MAX_SITEMAP_BYTES = 50 * 1024 * 1024
#: Bytes of a response's head.
ARCHIVE_MAX_HEAD_BYTES = 256 * 1024
#: Bytes of one header line.
ARCHIVE_MAX_HEADER_LINE_BYTES = 64 * 1024
#: Header lines of one response; more are marked in `captures.problem`. Whatever is set here, the first 256 are read, and all are archived.
ARCHIVE_MAX_HEADERS = 256
#: Interim (1xx) answers before one response, 0 for any number; their heads together may take ARCHIVE_MAX_HEAD_BYTES.
ARCHIVE_MAX_INTERIM = 0
#: Directory for bodies above 1 MiB while they are received; default: the collection's own, since the system's temporary directory may be small memory.
ARCHIVE_SPOOL_DIR: str | None = None
# ------------------------------------------------------------------------------------------------ ours: the record
#: Bytes after which a WARC file is sealed and the next begun.
ARCHIVE_WARC_MAX_BYTES = 1_000_000_000
#: First part of WARC file names. Default: the collection's name.
ARCHIVE_WARC_PREFIX: str | None = None
#: PEM file of an ECDSA key of the curve P-384, without a password, by which `scrapy export --wacz` signs (anonymous signature of WACZ Signing and Verification).
ARCHIVE_WACZ_KEY: str | None = None
#: Algorithm of the digests of records' blocks and payloads. `sha1`: as nearly all tools write and look for it, in base32. `sha256`: in hexadecimal, as the IIPC advises and warcio, FastWARC and jwarc check it. `both`: SHA-1 in the standard's fields, SHA-256 in fields of our own beside them (`WARC-Block-Digest-SHA256`, `WARC-Payload-Digest-SHA256`), since WARC 1.1 forbids to repeat a field. Whatever it is, and whenever it is changed, pages seen before are found: the index keeps the SHA-1 of every payload (`captures.payload_digest`) and the SHA-256 where it is told (`written_digest`). A payload with the same SHA-1 and another SHA-256 (a collision) is stored anew.
ARCHIVE_DIGEST = "sha1"
#: `spec`: WARC-Payload-Digest of a chunked response is that of the entity body, as WARC 1.1 says. `omit`: leave it off such records (some validators expect the framing in it).
ARCHIVE_CHUNKED_PAYLOAD_DIGEST = "spec"
#: Bytes that must stay free on the archive's disk; below, nothing more is asked for until a tenth more than that is free.
ARCHIVE_MIN_FREE_BYTES = 2 * 1024 * 1024 * 1024
#: Seconds that a crawl waits for room on a full disk before it ends with exit code 12; 0 ends it at once.
ARCHIVE_DISK_WAIT_SECONDS = 60.0
#: Bytes kept in a reserve file, let go of to close cleanly when the disk is full; 0 for none.
ARCHIVE_RESERVE_BYTES = 16 * 1024 * 1024
# ------------------------------------------------------------------------------------------------ ours: the crawl
#: Attempts for one address on one host before it counts as failed; each mirror has its own.
ARCHIVE_ATTEMPTS = 3
#: Seconds before the second attempt on the same host; doubles for the third.
ARCHIVE_RETRY_DELAY = 2.0
#: Seconds of `Retry-After` that are obeyed, by pages, mirrors and other hosts alike; what is longer is clamped to it.
ARCHIVE_MAX_RETRY_AFTER = 900
#: Redirects that are followed from one address; from a robots.txt at least five (RFC 9309).
ARCHIVE_MAX_REDIRECTS = 10
#: Seconds of `Crawl-delay` that are obeyed; what is longer is clamped and reported.
ARCHIVE_MAX_CRAWL_DELAY = 60.0
#: Seconds a robots.txt is believed before it is asked for again.
ARCHIVE_ROBOTS_MAX_AGE = 24 * 3600
#: How many times its response time a host is left alone before the next request, where that is longer than DOWNLOAD_DELAY (smoothed over some eight answers; Heritrix takes 5, Mercator 10): a host that takes 600 ms is asked every 3 s, one that takes 50 ms every DOWNLOAD_DELAY. 0: response times do not matter; nor do they with DOWNLOAD_DELAY 0.
ARCHIVE_DELAY_FACTOR = 5.0
#: Seconds above which the delay of a host does not grow, however slow it is and however often it says that it is overloaded (429, 503, 504, 509, 529, or no answer in time: each doubles the delay, to ARCHIVE_RETRY_DELAY at least; each good answer takes a tenth off). A longer DOWNLOAD_DELAY or Crawl-delay stands.
ARCHIVE_MAX_DELAY = 60.0
#: Requests to one host in 24 hours, over all runs of a collection (robots.txt, hops of redirects and pictures included); 0 for as many as there are. What is beyond waits: the run ends in order and tells how many. Counted from the index, so that a killed run counts too.
ARCHIVE_HOST_REQUESTS_PER_DAY = 0
#: Hours at which hosts may be asked: `[DAY[-DAY]] HH:MM-HH:MM [ZONE],...`, such as `22:00-06:00 Europe/Berlin` or `Mon-Fri 20:00-07:00,Sat-Sun 00:00-24:00`; ZONE is an IANA name, or `site`, the default: the zone of the site file. By the clocks on the wall there, summer time included. Empty: at any time. A run that begins outside them asks for nothing, one that runs into their end finishes what is in flight; what is left waits for the next run.
ARCHIVE_HOURS = ""
#: Addresses leased to one host at a time, fetched or waiting for their turn: what is lost time when the host goes away.
ARCHIVE_LEASES_PER_HOST = 4
#: Failures in a row after which a host that is no mirror of the site is given up for the rest of the run; its queue fails without being asked for.
ARCHIVE_HOST_FAILURES = 20
# ------------------------------------------------------------------------------------------------ ours: web archives
#: Web archives that `from_archives=yes` asks for stories that no mirror serves, in this order: addresses with commas between them, or a list. `https://archive.example/web/`: what timestamp or `timemap/link/` and an address are put behind (Wayback Machine, OpenWayback, pywb). `cdx+https://archive.example/cdx`: a CDX server; where its copies are served follows a bar (`|https://archive.example/web/`), if that is neither beside it nor `/web/`. `timemap+https://...`: what an address is put behind for its TimeMap. `timegate+https://...`: a TimeGate without TimeMaps. `rewritten+` before any of these: it serves no page as it came.
ARCHIVE_MEMENTO_ENDPOINTS: list[str] = []
#: Copies of one story that are kept, spread over time.
ARCHIVE_MAX_MEMENTOS = 3
#: Addresses of one story (hosts, slugs, schemes) that one archive is asked for, the likeliest first.
ARCHIVE_MEMENTO_FORMS = 6
#: Pictures of one story that an archive is asked for; 0 for none.
ARCHIVE_MEMENTO_PICTURES = 20
#: Requests to archives in one run, of all kinds; what is over is looked for in the next run.
ARCHIVE_MEMENTO_REQUESTS = 2000
#: Seconds between two requests to one archive, which is never asked for two things at once.
ARCHIVE_MEMENTO_DELAY = 2.0
#: Days before a story that no archive had is looked for again.
ARCHIVE_MEMENTO_AGAIN_DAYS = 30
#: Whether the robots.txt of archives is obeyed. False only where the archive's terms invite programs in spite of it.
ARCHIVE_MEMENTO_ROBOTS = True
# ------------------------------------------------------------------------------------------------ ours: reading
#: Links taken from one page.
ARCHIVE_MAX_LINKS = 5000
#: Bytes of a body once its content coding is taken off; what is over is not read. The archive keeps what was received.
ARCHIVE_MAX_DECODED_BYTES = 32 * 1024 * 1024
#: How many times its received size a body above 1 MiB may inflate to.
ARCHIVE_MAX_DECODED_RATIO = 100
#: Bytes of a page that are given to the parser.
ARCHIVE_MAX_HTML_BYTES = 16 * 1024 * 1024
#: Bytes of one line that `scrapy read --jsonl` takes in; a longer one is answered with an error and passed over.
ARCHIVE_MAX_LINE_BYTES = 64 * 1024 * 1024
#: Addresses taken from one feed or sitemap (the sitemap protocol's own limit).
ARCHIVE_MAX_SITEMAP_URLS = 50_000
#: Sitemap files asked for in one run.
ARCHIVE_MAX_SITEMAPS = 500
#: Sitemap indexes above one another.
ARCHIVE_MAX_SITEMAP_DEPTH = 3
#: Rules of one robots.txt that are obeyed; what is over is left out and told.
ARCHIVE_MAX_ROBOTS_RULES = 10_000
#: Bytes, inflated, from which a page is read in a process of its own instead of a thread of the crawl.
ARCHIVE_PARSE_ASIDE_BYTES = 16 * 1024
#: Seconds of processor time that reading one page may take, twelve times as many on the clock; then it is given up: the capture stays, `read_state` says unreadable. `scrapy read`, `reindex` and `repair` obey it too.
ARCHIVE_PARSE_SECONDS = 5.0
#: Bytes of address space such a process may use.
ARCHIVE_PARSE_MEMORY = 1024 * 1024 * 1024
#: How many such processes a crawl may have; each is started when first needed, and one host never has them all. `scrapy reindex` and `repair` have one a core, a replay at least that.
ARCHIVE_PARSE_WORKERS = 3
#: Pages that may wait for such a process or be read by one, all hosts together. What comes beyond is captured and its links are followed; it is read later in the same run, when the others are done.
ARCHIVE_PARSE_BACKLOG_PAGES = 64
#: Bytes of these pages, as received, that may be held in memory; beyond, likewise.
ARCHIVE_PARSE_BACKLOG_BYTES = 32 * 1024 * 1024
# ------------------------------------------------------------------------------------------------ ours: how far a crawl without a site file goes
#: Pages of one host in one run; links beyond are left out and counted.
ARCHIVE_MAX_PAGES_PER_HOST = 100_000
#: Addresses of one path that differ only in their query, in one run.
ARCHIVE_MAX_QUERIES_PER_PATH = 10_000
#: Links between a seed and a page.
ARCHIVE_MAX_DEPTH = 100
#: Characters of a link's address; over 2048 is never asked for, whatever is set here.
ARCHIVE_MAX_URL_CHARACTERS = 2048
#: Segments of a link's path.
ARCHIVE_MAX_PATH_SEGMENTS = 20
#: How often one segment may occur in a link's path.
ARCHIVE_MAX_PATH_REPEATS = 3
# ------------------------------------------------------------------------------------------------ ours: sites
#: When a known story is asked for again, by its age: `AGE:EVERY,...` in hours. A story up to 24 hours old every 3 hours, up to a week old every day, and so on; older ones once a year.
ARCHIVE_RECHECK_HOURS = "24:3,168:24,720:168,8760:1440"
#: Share of the answers for stories, from 0 to 1, after which a second mirror is asked for the same story, to be compared (docs/mirrors.md); 0: none.
ARCHIVE_COMPARE_SHARE = 0.05
#: Stories compared in one run, at most; each costs one further request, and a third where the mirrors differ.
ARCHIVE_COMPARE_PER_RUN = 20
#: How far the observed rate of change of the site's stories may shorten these intervals: a factor over 0, at most 1. See docs/rechecks.md.
ARCHIVE_RECHECK_FASTEST = 0.25
#: How far it may lengthen them: a factor, 1 or more. With 1 and 1, stories are asked for by their age alone.
ARCHIVE_RECHECK_SLOWEST = 2.0
#: Rechecks that one run asks for, the most overdue first; new stories always go before them. What is left over is due in the next run.
ARCHIVE_RECHECKS_PER_RUN = 500
#: Known stories that are overdue and beyond a run's rechecks, up to which the run is complete; with more, a check of the report warns.
ARCHIVE_RECHECK_BACKLOG = 20000
#: Hours after which a story that is missing is asked for a second time, before it counts as gone; 0: one time is enough.
ARCHIVE_GONE_CONFIRM_HOURS = 6.0
#: Hours after which a style sheet or script that pages need is asked for again, by its validators; each time unchanged after twice as long, up to a year; 0: in each run. Pictures and fonts are asked for once.
ARCHIVE_REQUISITE_HOURS = 168.0
#: Entries of a sitemap that count as recent without a backfill: days since `lastmod`, or since the date in the address. An entry that tells
#: neither is taken in a backfill, or with `since=` or `until=`; what is left out is counted in the report.
ARCHIVE_RECENT_DAYS = 3
#: Checks for silent outages at the end of a run, and how grave each is: `CHECK=LEVEL,...`. Checks: `quiet` (no new story for too long), `feed-stuck` (a feed stands still, or is empty, while other lists show new stories), `empty-lists` (a list that used to show stories shows none), `fields` (fewer articles of a template have a headline, body, date, author, caption, credit than before), `template` (stories that no template of the site reads). Levels: `off`, `warn` (told in the report), `fail` (exit code 10). What is not named keeps its default.
ARCHIVE_CHECKS = "quiet=warn,feed-stuck=warn,empty-lists=warn,fields=fail,template=fail"
#: Hours without a new story on any list, from which the check `quiet` speaks. 0: learned from the last six weeks of the site, three times the longest silence seen, but not more than four days above it; at least 24 hours where none was longer than 6, else at least 72; at most 14 days.
ARCHIVE_QUIET_HOURS = 0.0
#: How many links from a story's page to a story that no list shows are followed one after the other; 0: none.
ARCHIVE_STORY_LINK_DEPTH = 1
#: A live progress line where stderr is a terminal; False for plain log lines there too.
ARCHIVE_PROGRESS = True
#: Seconds after SIGINT or SIGTERM in which what is in flight may finish; what is slower is given up and asked for again in the next run.
ARCHIVE_SHUTDOWN_SECONDS = 25.0
#: Pages of one section front asked for in a backfill.
ARCHIVE_MAX_SECTION_PAGES = 500
#: Pages of one article asked for, where it is printed on several; 1: none but the first.
ARCHIVE_MAX_ARTICLE_PAGES = 20
# ------------------------------------------------------------------------------------------------ ours: upkeep
#: Days in which `scrapy maintain` reads each byte of the WARCs once; called once a month or more often, each call reads a share.
ARCHIVE_FIXITY_DAYS = 90
#: Days after which the age of a story has halved what it adds to its score in a search; 0: the date does not count.
ARCHIVE_SEARCH_RECENCY = 365.0
# ------------------------------------------------------------------------------------------------ ours: replay
#: pywb's program `wayback`, or the environment that holds it, for `serve --replay` and `check-replay`. Default: `.venv-pywb` of the project, else `wayback` on the PATH.
ARCHIVE_PYWB: str | None = None
#: Address of a pywb that runs already and serves ARCHIVE_DIR, such as `http://127.0.0.1:8080`: captures are linked to it, and none is started.
ARCHIVE_REPLAY_URL: str | None = None
#: Folder of ReplayWeb.page, which `scrapy viewer` fetches. Default: `.replaywebpage` of the project; without a project `news-archive-crawler/replaywebpage` of the user's data directory.
ARCHIVE_VIEWER: str | None = None
#: Chromium, or a browser made of it, for `check-replay`. Default: `chromium`, `google-chrome` and the like on the PATH, else the one that Playwright has downloaded.
ARCHIVE_CHROMIUM: str | None = None
# ------------------------------------------------------------------------------------------------ ours: who is told
#: Address that run reports are posted to as JSON, with a field `text` that chats show (Slack, Mattermost). The environment variable of the same name sets it too: an address with a token does not belong on a command line. Asked past ARCHIVE_PROXY, by the proxy of the environment (`https_proxy`, `no_proxy`) if there is one.
ARCHIVE_WEBHOOK: str | None = os.environ.get("ARCHIVE_WEBHOOK") or None
#: When it is told. `bad`: of every exit code but 0 and 11. `changed`: of every one but 11 that is not that of the run before. `always`.
ARCHIVE_WEBHOOK_ON = "bad"
#: Seconds that the end of a crawl waits for the webhook, for all sites together. A failure is logged (`webhook-failed`) and changes no exit code.
ARCHIVE_WEBHOOK_SECONDS = 10.0

#: Address of an RFC 3161 timestamp authority, asked by `scrapy maintain` and `scrapy prove` to stamp the daily root over sealed WARCs (docs/proofs.md). `None`: no timestamps.
ARCHIVE_TSA_URL: str | None = None
#: PEM file with the authority's root certificates, by which `scrapy verify` checks timestamps. `None`: they are counted and not checked.
ARCHIVE_TSA_CA_FILE: str | None = None

#: File into which each crawl writes the 100 newest events as an Atom feed; relative paths begin at the collection. `None`: no feed. `scrapy events --atom FILE` writes one at any time.
ARCHIVE_EVENTS_FEED: str | None = None
#: Host name or mail address of yours by which feeds name their entries (`tag:` URIs, RFC 4151). Entries get new names if it changes, and readers show them again.
ARCHIVE_FEED_AUTHORITY = "archive.invalid"
# ------------------------------------------------------------------------------------------------ Scrapy's, as we need them
SPIDER_MODULES = ["crawler.spiders"]
SPIDER_LOADER_CLASS = "crawler.spiders.loader.SiteSpiderLoader"
COMMANDS_MODULE = "crawler.commands"
SCHEDULER = "crawler.frontier.scheduler.FrontierScheduler"
DOWNLOADER = "crawler.spiders.engine.DirectDownloader"
DOWNLOAD_HANDLERS_BASE = dict.fromkeys(("http", "https"), "crawler.http.handler.ArchiveDownloadHandler")
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

USER_AGENT = f"news-archive-crawler/{__version__} (archival crawler; obeys robots.txt)"
DEFAULT_REQUEST_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
# Anything wider than gzip ends up in WARCs that the common readers cannot decode; the handler sets it last.

# One request at a time to a host, a second apart: mirrors are often small and always watched.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.3
# A callback of ours yields one item at most; Scrapy starts so many tasks for each answer that goes its own way.
CONCURRENT_ITEMS = 1
# Scrapy stops asking anybody while so many bytes wait to be read; at its default of 5 MB one large page would hold up every host.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 256 * 1024 * 1024

# Each of these would change, hide or double what the recorder sees, or open a door.
COOKIES_ENABLED = False
REFERER_ENABLED = False
RETRY_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
COMPRESSION_ENABLED = False
HTTPCACHE_ENABLED = False
HTTPPROXY_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DNSCACHE_ENABLED = False

DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 100,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 110,
    "crawler.middlewares.url_filter.RefuseMiddleware": 200,
    "crawler.middlewares.robotstxt.RobotsMiddleware": 300,
    "crawler.middlewares.redirect.RedirectMiddleware": 600,
    "crawler.middlewares.recorder.RecordMiddleware": 990,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
ITEM_PIPELINES = {"crawler.pipelines.WarcPipeline": 100, "crawler.pipelines.IndexPipeline": 200}
EXTENSIONS_BASE = {
    "crawler.crawl.run_extension.RunExtension": 0,
    "crawler.extensions.logformatter.OneLineLogs": 0,
    "crawler.extensions.stats.OutcomeStats": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "crawler.extensions.progress.ProgressExtension": 20,
    "crawler.extensions.shutdown.ShutdownExtension": 30,
    "crawler.extensions.unsettled.UnsettledExtension": 40,
}

LOG_LEVEL = "INFO"
LOG_FORMATTER = "crawler.extensions.logformatter.OneLineFormatter"
FEED_EXPORT_ENCODING = "utf-8"
