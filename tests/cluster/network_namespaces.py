"""Network namespaces as further machines, each on two wires: one to the web, one to the database."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from attrs import define
from stands import outer


@define
class Machine:
    """A namespace with a wire to the web and another to the database.

    Args:
        number: Second byte of its networks, 10.NUMBER.1.0/24 and 10.NUMBER.2.0/24.
    """

    name: str
    number: int

    @property
    def web(self) -> str:
        """This machine's address, as the namespace reaches it for the web."""
        return f"10.{self.number}.1.1"

    @property
    def database(self) -> str:
        """This machine's address, as the namespace reaches it for the database."""
        return f"10.{self.number}.2.1"

    def command(self, *words: str) -> list[str]:
        """A command line that runs inside."""
        return ["ip", "netns", "exec", self.name, *words]

    def cut(self) -> None:
        """Cut the wire to the database: no packet passes, and no end is told."""
        _ip("link", "set", f"{self.name}d", "down")

    def mend(self) -> None:
        """Join the wire again."""
        _ip("link", "set", f"{self.name}d", "up")


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"


@contextmanager
def machine(number: int) -> Iterator[Machine]:
    """A machine, removed at the end."""
    outer("ip")
    made = Machine(f"arc{os.getpid() % 100000}n{number}"[:14], number)
    if os.geteuid() != 0 or subprocess.run(["ip", "netns", "add", made.name], check=False, capture_output=True).returncode:
        if os.environ.get("ARCHIVE_OUTER") == "required":
            pytest.fail("network namespaces are required here and cannot be made")
        pytest.skip("outer: network namespaces cannot be made")
    try:
        _ip("-n", made.name, "link", "set", "lo", "up")
        for wire, third in (("w", 1), ("d", 2)):
            here, there = f"{made.name}{wire}", f"eth{third}"
            _ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", made.name)
            _ip("addr", "add", f"10.{number}.{third}.1/24", "dev", here)
            _ip("link", "set", here, "up")
            _ip("-n", made.name, "addr", "add", f"10.{number}.{third}.2/24", "dev", there)
            _ip("-n", made.name, "link", "set", there, "up")
        yield made
    finally:
        subprocess.run(["ip", "netns", "delete", made.name], check=False, capture_output=True)
        for wire in "wd":
            subprocess.run(["ip", "link", "delete", f"{made.name}{wire}"], check=False, capture_output=True)
