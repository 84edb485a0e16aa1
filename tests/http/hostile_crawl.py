"""Whole crawls against the shared hostile server, one trap and one fresh process at a time.

    python tests/http/hostile_crawl.py [--jobs 2] [--full] [--out FILE] [NAME ...]

Names are traps or `robots:KIND`; none means all of them. Prints one line for each and a summary; exit code 1 where one failed.
`--full` keeps the settings' own limits (slow), else deadlines and sizes are small.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import invariants  # noqa: E402

SERVER = ROOT.parent / "shared" / "eval" / "hostile_server.py"
FINAL = ("done", "failed", "refused")
MAX_RSS_MIB = 400
WALL_SECONDS = {False: 120, True: 1200}
"""By whether the settings' own deadlines are kept: three attempts at a host that dribbles take six minutes."""
PAGES = 60
SMALL = {
    "ARCHIVE_CONNECT_TIMEOUT": 2, "ARCHIVE_IDLE_TIMEOUT": 1.5, "ARCHIVE_TOTAL_TIMEOUT": 5, "ARCHIVE_MAX_PAGE_BYTES": 64 * 1024 * 1024,
    "ARCHIVE_MAX_MEDIA_BYTES": 64 * 1024 * 1024,
}  # fmt: skip
ALWAYS = {
    "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_RETRY_DELAY": 0.05, "ARCHIVE_MAX_RETRY_AFTER": 1,
    "ARCHIVE_MAX_CRAWL_DELAY": 1, "ARCHIVE_MAX_PAGES_PER_HOST": PAGES, "DOWNLOAD_DELAY": 0,
}  # fmt: skip
UNSIGNED = {"tls-self-signed", "tls-cut"}
"""Signed by nobody: only to be had where bad certificates are recorded."""


class Server:
    """One hostile server, a child process."""

    def __init__(self, port: int) -> None:
        self.port = port
        command = [sys.executable, str(SERVER), "--port", str(port), "--max-stream-mb", "256", "--max-seconds", "60"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the hostile server did not start"

    @property
    def allowed(self) -> str:
        """What the guard must let through, and nothing else."""
        own = [f"127.0.0.1:{self.port + n}" for n in (0, *range(3, 10))]
        return ",".join([*own, f"127.0.0.3:{self.port + 1}"])

    def ask(self, what: str) -> Any:
        """One control request, JSON back."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/control/{what}", timeout=60) as answer:
            return json.loads(answer.read())

    def close(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait(10)


def _make_ready(server: Server, url: str) -> None:
    """Have the server make its bomb, which takes seconds and must not look like a host that does not answer."""
    with urllib.request.urlopen(url, timeout=120) as answer:
        answer.read(1)
    server.ask("reset")


def crawl(server: Server, name: str, folder: Path, *, full: bool = False) -> dict[str, Any]:
    """Run one trap or robots kind through a whole crawl and say what came of it."""
    server.ask("reset")
    kind = name.removeprefix("robots:") if name.startswith("robots:") else None
    if kind:
        server.ask(f"robots?kind={kind}")
    trap = next((t for t in server.ask("traps") if t["name"] == name), None)
    if trap is not None:  # the catalogue names the peer by an address that is not to be let through
        trap["url"] = trap["url"].replace(f"127.0.0.1:{server.port + 1}/", f"127.0.0.3:{server.port + 1}/")
    if trap is not None and "bomb" in name:
        _make_ready(server, trap["url"])
    good = f"http://127.0.0.1:{server.port}/good"
    seeds = [f"{good}/2"] if trap is None else [trap["url"]]
    settings = ALWAYS | ({} if full else SMALL) | {"ARCHIVE_ALLOW_ADDRESSES": server.allowed}
    if name in UNSIGNED:
        settings |= {"ARCHIVE_TLS": "record", "ROBOTSTXT_OBEY": name != "tls-cut"}  # its robots.txt is cut off too
    path = folder / name.replace(":", "-")
    words = [w for key, value in settings.items() for w in ("-s", f"{key}={value}")]
    command = [sys.executable, "-m", "scrapy", "crawl", "web", "-a", f"seeds={','.join([*seeds, good])}", "-a", "requisites=all", *words]
    environment = os.environ | {
        "ARCHIVE_DIR": str(path), "SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT),
        "http_proxy": f"http://127.0.0.1:{server.port + 2}", "https_proxy": f"http://127.0.0.1:{server.port + 2}",
    }  # fmt: skip
    path.mkdir(parents=True)
    began = time.monotonic()
    with (path / "out").open("w") as out, (path / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=out, stderr=log, stdin=subprocess.DEVNULL)
        code, rss, worker = _reap(process, began + WALL_SECONDS[full])
    seconds = time.monotonic() - began
    wrong = list(islice(_wrong(server, name, trap, kind, path, code, rss), 6))
    return {"name": name, "code": code, "rss_mib": rss, "worker_mib": worker, "seconds": round(seconds, 1), "wrong": wrong}


def _reap(process: subprocess.Popen[bytes], until: float) -> tuple[int | None, int, int]:
    """Wait for one crawl; its exit code (None: it had to be killed), its own peak memory in MiB, and that of the largest process."""
    killed, own = False, 0
    while True:
        status_file = Path(f"/proc/{process.pid}/status").read_text()
        own = max(own, *(int(line.split()[1]) // 1024 for line in status_file.splitlines() if line.startswith("VmHWM")), 0)
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return None if killed else process.returncode, own, usage.ru_maxrss // 1024
        if time.monotonic() > until and not killed:
            process.kill()
            killed = True
        time.sleep(0.05)


def _wrong(server: Server, name: str, trap: dict[str, str] | None, kind: str | None, path: Path, code: int | None, rss: int) -> Any:
    log = (path / "log").read_text(errors="replace")
    if code not in (0, 10):
        yield f"exit code {code}"
    if "Traceback" in log or "-fault" in log:
        yield "a traceback in the log"
    if any(
        ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068" for line in log.split("\n") for c in line
    ):
        yield "control or bidi characters in the log"
    if rss > MAX_RSS_MIB:
        yield f"peak RSS {rss} MiB"
    if hits := server.ask("canary"):
        yield f"{len(hits)} canary hits"
    for entry in server.ask("peer"):
        sent = {k: v for k, v in entry["headers"] if k in ("authorization", "cookie", "referer")}
        if sent or entry["body"]:
            yield f"the peer was told {sent} {entry['body'][:40]}"
    if not (path / "web" / "index.db").exists():
        yield "no index"
        return
    if code in (0, 10):
        yield from (f"{one.check}: {one.what}" for one in invariants.complaints(path / "web", command="crawl", code=code))
    with sqlite3.connect(path / "web" / "index.db") as db:
        db.row_factory = sqlite3.Row
        yield from _wrong_rows(server, trap, kind, path / "web", db)
    verified = subprocess.run(
        [sys.executable, "-m", "scrapy", "verify", str(path / "web")], check=False, capture_output=True, text=True, cwd=ROOT,
        env=os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    if verified.returncode:
        yield f"verify: exit {verified.returncode}: {verified.stdout[-300:]}"


def _wrong_rows(server: Server, trap: dict[str, str] | None, kind: str | None, path: Path, db: sqlite3.Connection) -> Any:
    """What the index and the WARCs must say after any trap."""
    rows = db.execute("SELECT * FROM frontier").fetchall()
    captures = db.execute("SELECT * FROM captures").fetchall()
    failures = db.execute("SELECT * FROM failures").fetchall()
    if left := [r["url"][:80] for r in rows if r["state"] not in FINAL]:
        yield f"{len(left)} rows not final: {left[:3]}"
    if broken := [f for f in failures if f["reason"] == "parser-fault"]:
        yield f"a reader's fault: {broken[0]['detail'][:120]}"
    for row in rows:
        if row["state"] == "failed" and not [f for f in failures if f["key"] == row["key"]] and row["attempts"]:
            yield f"{row['url'][:80]} failed without a failures row"
    came = {(c["url"], c["status"]) for c in captures}
    good = f"http://127.0.0.1:{server.port}/good"
    if kind in (None, "allow", "binary", "delay", "delay-nan", "endless", "gzip-bomb", "huge", "wildcards") and (good, 200) not in came:
        yield "/good was not archived"
    if kind in ("500", "disallow", "hang", "loop", "private-redirect", "rst") and kind != "loop" and (good, 200) in came:
        yield "/good was archived though robots.txt does not allow it"
    asked = [e["target"] for e in server.ask("log")]
    # A request that a kept connection swallowed is part of the attempt that sent it again, whose row says so.
    again = sum("sent again" in (c["problem"] or "") for c in captures) + sum("sent again" in (f["detail"] or "") for f in failures)
    known = len(captures) + len(failures) + again
    if len(asked) > known:
        yield f"the server saw {len(asked)} requests, {known} rows tell of them"
    if trap is not None:
        yield from _wrong_trap(trap, captures, failures, rows)
    yield from _wrong_bytes(server, path, captures)


def _wrong_trap(trap: dict[str, str], captures: list[sqlite3.Row], failures: list[sqlite3.Row], rows: list[sqlite3.Row]) -> Any:
    url, expect = trap["url"], trap["expect"]
    if not [r for r in rows if r["url"].split("?")[0].rstrip("/") == url.split("?")[0].rstrip("/")]:
        yield "no frontier row"
    mine = [c for c in captures if c["url"].split("?")[0].rstrip("/") == url.split("?")[0].rstrip("/")]
    if expect in ("capture", "capture-raw", "inert", "no-leak") and not mine:
        yield "no capture"
    if expect == "truncated" and not [c for c in mine if c["truncated"]]:
        yield "no truncated capture"
    if expect == "error" and not failures:
        yield "no failures row"


def _wrong_bytes(server: Server, path: Path, captures: list[sqlite3.Row]) -> Any:
    """Every honest page's payload is what was sent, and the canary's secret is nowhere."""
    from crawler.archive_files.reader import payload_at
    from crawler.errors import ArchiveError

    secret = server.ask("secret").encode()
    for capture in captures:
        if capture["revisit_of"]:
            continue
        try:
            headers, payload = payload_at(path / "archive" / capture["warc"], capture["offset"], limit=1 << 30)
        except (ArchiveError, OSError) as error:  # any fault of the reader is a finding here
            yield f"{capture['url'][:80]}: unreadable record: {error!r}"
            continue
        said = next((v for k, v in headers if k.lower() == "x-body-sha256"), None)
        if said and not capture["truncated"] and hashlib.sha256(payload).hexdigest() != said:
            yield f"{capture['url'][:80]}: the payload is not what was sent"
        if secret in payload:
            yield f"{capture['url'][:80]}: the canary's secret was archived"


def names_of(server: Server) -> list[str]:
    """All traps and robots kinds."""
    listed = subprocess.run([sys.executable, str(SERVER), "--list"], check=True, capture_output=True, text=True).stdout
    kinds = listed.rpartition("robots kinds:")[2].split()
    return [t["name"] for t in server.ask("traps")] + [f"robots:{kind}" for kind in kinds]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--port", type=int, default=21_000)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--dir", type=Path, help="keep the collections here")
    options = parser.parse_args()
    servers = [Server(options.port + 10 * n) for n in range(options.jobs)]
    free = list(servers)
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(options.jobs) as pool:

        def one(name: str) -> dict[str, Any]:
            server = free.pop()
            try:
                result = crawl(server, name, options.dir or Path(scratch), full=options.full)
            finally:
                free.append(server)
            print(json.dumps(result), flush=True)
            return result

        try:
            results = list(pool.map(one, options.names or names_of(servers[0])))
        finally:
            for server in servers:
                server.close()
    bad = [r for r in results if r["wrong"]]
    top = max(results, key=lambda r: r["rss_mib"])
    print(f"{len(results)} crawls, {len(bad)} with something wrong; peak RSS {top['rss_mib']} MiB ({top['name']})")
    print(f"longest {max(r['seconds'] for r in results)} s; exit codes {sorted({str(r['code']) for r in results})}")
    if options.out:
        options.out.write_text(json.dumps(results, indent=1))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
