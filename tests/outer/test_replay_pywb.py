"""What was captured, replayed by pywb in place and looked at in Chromium. Group `outer`: needs both."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from foreign_warcs import HOST, SAME, answer, record, revisit, sha1, story, uid, write
from stands import Scrapy

pytestmark = pytest.mark.outer


@pytest.fixture(scope="module")
def replay(wayback: str, demo_copy: Callable[[Path], Scrapy], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo's collection, served by pywb from its ARCHIVE_DIR as it lies there; the address of its collection."""
    scrapy = demo_copy(tmp_path_factory.mktemp("replay") / "archives")
    with served(wayback, scrapy.archives) as address:
        yield f"{address}/demo"


@contextmanager
def served(wayback: str, archives: Path) -> Iterator[str]:
    """pywb, run in an ARCHIVE_DIR; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [wayback, "--bind", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, cwd=archives, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
                    break
                except OSError:
                    time.sleep(0.25)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def a_story(replay: str) -> str:
    """The address of a captured story on the healthy mirror, as pywb's index tells it."""
    with urllib.request.urlopen(f"{replay}/cdx?url=courier.mirror.example&matchType=host&output=json", timeout=20) as answer:
        lines = [json.loads(line) for line in answer.read().decode().splitlines()]
    found = [line["url"] for line in lines if line["status"] == "200" and "/2026/" in line["url"] and line["mime"] == "text/html"]
    assert found
    return str(found[-1])


def test_pywb_replays_a_story_with_its_decoded_body(replay: str) -> None:
    with urllib.request.urlopen(f"{replay}/2026mp_/{a_story(replay)}", timeout=20) as answer:
        assert answer.status == 200
        page = answer.read().decode()
    assert "<h1" in page or "<h2" in page or "<td" in page


def test_a_story_that_two_mirrors_served_alike_replays_on_both(replay: str) -> None:
    """The second is a revisit that names the address of the first."""
    with urllib.request.urlopen(f"{replay}/cdx?url=courier.copy.example&matchType=host&output=json", timeout=20) as answer:
        lines = [json.loads(line) for line in answer.read().decode().splitlines()]
    revisits = [line["url"] for line in lines if line["mime"] == "warc/revisit" and "/2026/" in line["url"]]
    assert len(revisits) >= 5
    for url in revisits:
        there = page(f"{replay}/2026id_/{url}")
        assert there is not None
        assert there == page(f"{replay}/2026id_/{url.replace('courier.copy.', 'courier.mirror.')}")


def test_chromium_shows_the_story_and_its_picture(replay: str, chromium: str, tmp_path: Path) -> None:
    picture = tmp_path / "story.png"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
               "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}", "--window-size=900,1400",
               "--virtual-time-budget=4000"]  # fmt: skip
    page = f"{replay}/2026mp_/{a_story(replay)}"
    dom = subprocess.run([chromium, *options, "--dump-dom", page], capture_output=True, text=True, timeout=90, check=True).stdout
    assert "Harbour Courier" in dom
    subprocess.run([chromium, *options, f"--screenshot={picture}", page], capture_output=True, timeout=90, check=True)
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) > 15_000, "an empty page compresses to less"


def test_pywb_shows_every_revisit_that_it_shows_on_an_index_by_cdxj_indexer(wayback: str, tmp_path: Path) -> None:
    body = story("the ferry")
    digest, place = f"WARC-Payload-Digest: {sha1(body)}", f"WARC-Refers-To-Target-URI: {HOST}/first"
    revisits = [
        revisit(2, "/by-id", SAME, digest, place, "WARC-Refers-To-Date: 2024-03-01T12:00:00Z", f"WARC-Refers-To: <{uid(1)}>"),
        revisit(3, "/by-place", SAME, digest, place, "WARC-Refers-To-Date: 2024-03-01T12:00:00Z"),
        revisit(4, "/first", SAME, digest),
        revisit(5, "/headless", SAME, digest, place, "WARC-Refers-To-Date: 2024-03-01T12:00:00Z", head=b""),
    ]
    write(tmp_path / "in" / "a.warc.gz", *revisits)
    write(tmp_path / "in" / "b.warc.gz", record(answer(body), "/first", digest, n=1))
    scrapy = Scrapy(tmp_path / "archives")
    for name, copy in (("copied", "yes"), ("referred", "no"), ("others", "yes")):
        scrapy("crawl", "replay", "-a", f"warcs={tmp_path}/in", "-a", f"collection={name}", "-a", f"copy={copy}")
    others = scrapy.archives / "others"
    for file in (others / "indexes").glob("*.cdxj"):
        file.unlink()
    indexer = [str(Path(sys.executable).with_name("cdxj-indexer")), "-s", *map(str, sorted((others / "archive").glob("*.warc.gz")))]
    (others / "indexes" / "all.cdxj").write_text(subprocess.run(indexer, capture_output=True, text=True, check=True).stdout)
    with served(wayback, scrapy.archives) as address:
        shown = {name: {path: page(f"{address}/{name}/{path}") for path in paths} for name, paths in SHOWN.items()}
    for path, theirs in shown["others"].items():
        assert theirs is None or len(theirs) > 500, path
        for name in ("copied", "referred"):
            assert shown[name][path] == theirs or (theirs is None and shown[name][path]), (name, path)
    assert sum(found is not None for found in shown["copied"].values()) == len(shown["copied"])


PATHS = ["20240301120000id_/" + HOST + "/first", *(f"20240302120000id_/{HOST}/{name}" for name in ("by-id", "by-place", "first", "headless"))]
SHOWN = dict.fromkeys(("copied", "referred", "others"), PATHS)


def page(url: str) -> bytes | None:
    """What pywb answers, or None where it has nothing."""
    try:
        with urllib.request.urlopen(url, timeout=20) as reply:
            found: bytes = reply.read()
            return found
    except OSError:
        return None
