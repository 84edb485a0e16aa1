"""What was captured, replayed by pywb in place and looked at in Chromium. Group `outer`: needs both."""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from stands import Scrapy

pytestmark = pytest.mark.outer


@pytest.fixture(scope="module")
def replay(wayback: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo's collection, served by pywb from its ARCHIVE_DIR as it lies there; the address of its collection."""
    scrapy = Scrapy(tmp_path_factory.mktemp("replay"))
    scrapy("demo")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [wayback, "--bind", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, cwd=scrapy.archives, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
                    break
                except OSError:
                    time.sleep(0.25)
            yield f"http://127.0.0.1:{port}/demo"
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
