"""Play the simulated year: `python year_play.py FOLDER [DAYS]` leaves the collection `beacon` there, and prints how each run ended.

One process and one event loop; each run is one of `scrapy crawl beacon`, but for the start of the process and the clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import json
import ssl
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]

from skipping_loop import SimulatedTime, SkippingLoop, install  # noqa: E402

LOOP = SkippingLoop()
install(LOOP)

from beacon_pages import MIRRORS, PICTURES, Newspaper  # noqa: E402
from scrapy.crawler import AsyncCrawlerRunner  # noqa: E402
from scrapy.settings import Settings  # noqa: E402
from site_hosts import certificate  # noqa: E402
from year_plan import START, Plan, Visit, make_plan  # noqa: E402

from crawler import clock  # noqa: E402
from crawler.monitoring.outputs import Outputs  # noqa: E402
from crawler.spiders.crawling import SiteCrawl, crawl_and_report, spider_of  # noqa: E402
from crawler.workers.pool import Workers  # noqa: E402

# A run starts a worker for what may come; no page of this paper is large enough for one.
Workers.prepare = lambda self: None  # type: ignore[method-assign]


class Process(AsyncCrawlerRunner):
    """Scrapy's process whose event loop runs for one crawl after the other."""

    bootstrap_failed = False

    def start(self, *, install_signal_handlers: bool = True) -> None:
        """Run the crawls that were begun to their end."""
        LOOP.run_until_complete(self.join())


class Connection(asyncio.Protocol):
    """One connection to one of the paper's hosts."""

    def __init__(self, paper: Newspaper, time: SimulatedTime, asked: list[tuple[str, str]]) -> None:
        self._paper, self._time, self._asked, self._held = paper, time, asked, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while b"\r\n\r\n" in self._held:
            head, _, self._held = self._held.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            host, path = fields["host"].partition(":")[0], first.split()[1]
            self._asked.append((host, path))
            answer = self._paper.answer(host, path, self._time.true())
            if answer is not None:
                self._transport.write(answer.wire(fields.get("if-none-match")))


class Year:
    """The paper on loopback, a machine with a clock, and the crawls.

    Args:
        archives: ARCHIVE_DIR.
    """

    def __init__(self, plan: Plan, archives: Path) -> None:
        self.plan, self.time, self.asked = plan, SimulatedTime(LOOP, START), list[tuple[str, str]]()
        self._archives, self._folder = archives, archives.parent
        self._ports: dict[str, int] = {}
        self._runs = 0
        self._process = Process(self._settings())
        self._spider = spider_of(self._process.settings, "beacon")

    @contextlib.contextmanager
    def served(self) -> Iterator[Year]:
        """Serve the paper: over HTTP, over TLS, and over TLS with a certificate of nobody."""
        contexts: dict[str, ssl.SSLContext | None] = {"http": None}
        for name, hosts in (("tls", MIRRORS), ("nobody", ("nobody.example",))):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
            contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            contexts[name].load_cert_chain(certificate(hosts, self._folder / name))
        servers = []
        for name, context in contexts.items():
            making = LOOP.create_server(lambda: Connection(self.plan.paper, self.time, self.asked), "127.0.0.1", 0, ssl=context, backlog=100)
            servers.append(LOOP.run_until_complete(making))
            self._ports[name] = servers[-1].sockets[0].getsockname()[1]
        import socket

        with socket.socket() as held:  # bound, and nobody listens: refused
            held.bind(("127.0.0.1", 0))
            self._ports["refused"] = held.getsockname()[1]
            with clock.told_by(self.time.told):
                yield self
        for server in servers:
            server.close()

    def visit(self, visit: Visit) -> dict[str, Any]:
        """Crawl once; how the run ended."""
        self.time.lead_to(visit.at)
        self.time.wrong = visit.wrong
        self.asked.clear()
        began, cpu, told = time.perf_counter(), time.process_time(), io.StringIO()
        connect_to = ",".join(f"{host}:*=127.0.0.1:{self._port(host)}" for host in (*MIRRORS, PICTURES))
        self._process.settings.set("ARCHIVE_CONNECT_TO", connect_to, priority="cmdline")
        document = self._folder / "report.json"
        with contextlib.redirect_stdout(told):
            wanted = SiteCrawl(spider=self._spider, texts=visit.arguments, path=self._archives / "beacon")
            outputs = Outputs(report_json=str(document), metrics=self._folder / "beacon.prom", settings=self._process.settings, sites=["beacon"])
            code = crawl_and_report(self._process, [wanted], outputs)
        self._runs += 1
        gc.unfreeze()  # each run takes all there is for what lasts
        if self._runs % 20 == 0:
            gc.collect()
        report = json.loads(document.read_text())
        return {
            "at": visit.at.isoformat(), "exit_code": code, "reason": report["reason"], "checks": report["checks"], "stats": report["stats"],
            "asked": list(self.asked), "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu,
        }  # fmt: skip

    def _settings(self) -> Settings:
        """Settings of the runs: those of the project, and no pause between requests."""
        settings = Settings()
        settings.setmodule("crawler.settings")
        values = {
            "ARCHIVE_DIR": str(self._archives), "ARCHIVE_SITES": str(HERE / "sites"), "ARCHIVE_CA_FILE": str(self._folder / "tls" / "certificate.pem"),
            "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "DOWNLOAD_DELAY": 0, "LOG_LEVEL": "WARNING", "ARCHIVE_PROGRESS": False,
            "MEMUSAGE_ENABLED": False, "ARCHIVE_PARSE_ASIDE_BYTES": 1_000_000,
            "ARCHIVE_COMPARE_SHARE": 1.0, "ARCHIVE_COMPARE_PER_RUN": 1000, "ARCHIVE_QUIET_HOURS": 100,
        }  # fmt: skip
        settings.setdict(values, priority="cmdline")
        return settings

    def _port(self, host: str) -> int:
        spell = self.plan.paper.trouble(host, self.time.true())
        if spell is not None and spell.what == "refused":
            return self._ports["refused"]
        if host != MIRRORS[2]:
            return self._ports["http"]
        return self._ports["nobody" if spell is not None and spell.what == "certificate" else "tls"]


def main(folder: str, days: str = "364") -> None:
    """Play the year and write `runs.json`."""
    began, plan, runs = time.perf_counter(), make_plan(days=int(days)), []
    with Year(plan, Path(folder) / "archives").served() as year:
        for visit in plan.visits:
            run = year.visit(visit)
            runs.append(run)
            alarms = [check["name"] for check in run["checks"] if check["level"] != "ok"]
            print(visit.at, run["exit_code"], f"{run['seconds']:.2f} s", len(run["asked"]), "requests", alarms, file=sys.stderr)
    (Path(folder) / "runs.json").write_text(json.dumps(runs))
    print(f"{len(runs)} runs in {time.perf_counter() - began:.1f} s, {time.process_time():.1f} s CPU")


if __name__ == "__main__":
    main(*sys.argv[1:])
