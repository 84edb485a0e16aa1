"""OpenStack Swift with its S3 interface on loopback: one device in a folder, no Keystone; a store that checks checksums.

Debian's packages: swift-proxy, swift-account, swift-container, swift-object. Nothing of the system's configuration is used or changed.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

PROGRAMS = ("swift-proxy-server", "swift-account-server", "swift-container-server", "swift-object-server")
PYTHON = "/usr/bin/python3"
RINGS = """
import sys
from swift.common.ring import RingBuilder
for kind, port in zip(("account", "container", "object"), sys.argv[1:]):
    builder = RingBuilder(4, 1, 0)
    builder.add_dev(dict(id=0, region=1, zone=1, ip="127.0.0.1", port=int(port), device="d1", weight=1.0, replication_ip="127.0.0.1",
                         replication_port=int(port), meta=""))
    builder.rebalance()
    builder.get_ring().save(kind + ".ring.gz")
"""
ACCOUNT, USER, KEY = "test", "tester", "testing"


@frozen
class Swift:
    """A running store."""

    url: str
    access_key: str = f"{ACCOUNT}:{USER}"
    secret_key: str = KEY


def missing() -> str | None:
    """The first program that is not installed."""
    return next((name for name in PROGRAMS if shutil.which(name) is None), None)


@contextmanager
def swift_store(folder: Path) -> Iterator[Swift]:
    """Start the four servers; ended by their own process ids."""
    (etc := folder / "etc").mkdir(parents=True)
    (folder / "node" / "d1").mkdir(parents=True)
    ports = dict(zip(("proxy", "account", "container", "object"), _free_ports(4), strict=True))
    (etc / "swift.conf").write_text(
        "[swift-hash]\nswift_hash_path_suffix = one\nswift_hash_path_prefix = two\n[storage-policy:0]\nname = one\ndefault = yes\n"
    )
    subprocess.run([PYTHON, "-c", RINGS, *(str(ports[kind]) for kind in ("account", "container", "object"))], check=True, cwd=etc)
    for kind in ("account", "container", "object"):
        (etc / f"{kind}.conf").write_text(
            f"[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = {ports[kind]}\nuser = {_user()}\nswift_dir = {etc}\ndevices = {folder / 'node'}\n"
            f"mount_check = false\nworkers = 0\nfallocate_reserve = 0\ndisable_fallocate = true\n"
            f"[pipeline:main]\npipeline = {kind}-server\n[app:{kind}-server]\nuse = egg:swift#{kind}\n"
        )
    (etc / "proxy.conf").write_text(
        f"[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = {ports['proxy']}\nuser = {_user()}\nswift_dir = {etc}\nworkers = 0\n"
        "[pipeline:main]\npipeline = catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth copy slo dlo proxy-server\n"
        "[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n"
        f"[filter:tempauth]\nuse = egg:swift#tempauth\nuser_{ACCOUNT}_{USER} = {KEY} .admin\n"
        "[filter:s3api]\nuse = egg:swift#s3api\ns3_acl = false\nlocation = us-east-1\n"
        "[filter:cache]\nuse = egg:swift#memcache\n"
        + "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n" for name in ("catch_errors", "gatekeeper", "healthcheck", "copy", "slo", "dlo", "listing_formats"))
    )  # fmt: skip
    started: list[subprocess.Popen[bytes]] = []
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "SWIFT_TEST": "1"}
    try:
        for kind in ports:
            with (folder / f"{kind}.log").open("wb") as log:
                command = [PYTHON, shutil.which(f"swift-{kind}-server") or "", str(etc / f"{kind}.conf"), "-v"]
                started.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder))
        _wait(f"http://127.0.0.1:{ports['proxy']}/healthcheck", started, folder)
        yield Swift(f"http://127.0.0.1:{ports['proxy']}")
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def _wait(url: str, started: list[subprocess.Popen[bytes]], folder: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and all(process.poll() is None for process in started):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    said = "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in folder.glob("*.log"))
    raise RuntimeError(f"Swift did not start\n{said}")
