"""Metrics in the text format of Prometheus, and their file.

Source: Prometheus, "Exposition formats" (text format 0.0.4); node_exporter, "Textfile Collector".
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from attrs import field, frozen

MODE = 0o644
"""Others, as the node exporter, must be able to read it."""


@frozen(kw_only=True)
class Metric:
    """A gauge: a name and its values by labels."""

    name: str
    help: str
    samples: list[tuple[Mapping[str, str], float]] = field(factory=list)


def text_of(metrics: Iterable[Metric]) -> str:
    r"""Write metrics in the text format; those without a value are left out.

    >>> print(text_of([Metric(name="a_bytes", help="Bytes.", samples=[({"site": 'x"y'}, 2.0)])]), end="")
    # HELP a_bytes Bytes.
    # TYPE a_bytes gauge
    a_bytes{site="x\"y"} 2
    """
    lines = []
    for metric in metrics:
        if metric.samples:
            lines += [f"# HELP {metric.name} {_escaped(metric.help)}", f"# TYPE {metric.name} gauge"]
            lines += [_line(metric.name, labels, value) for labels, value in metric.samples]
    return "".join(f"{line}\n" for line in lines)


def _line(name: str, labels: Mapping[str, str], value: float) -> str:
    inside = ",".join(f'{label}="{_quoted(text)}"' for label, text in labels.items())
    return f"{name}{{{inside}}} {int(value) if value == int(value) else value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _quoted(text: str) -> str:
    return _escaped(text).replace('"', '\\"')


def values_of(text: str, name: str, *, label: str = "site") -> dict[str, float]:
    """Read the values of a metric that `text_of` wrote, by their first label."""
    found = re.finditer(rf'^{name}\{{{label}="((?:[^"\\]|\\.)*)"[^\n]*\}} (\S+)$', text, re.MULTILINE)
    plain = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}
    return {re.sub(r"\\.", lambda sign: plain.get(sign[0], sign[0]), one[1]): float(one[2]) for one in found}


def write_metrics(place: Path, text: str) -> None:
    """Replace a file of metrics in one step.

    A reader sees the old file or the new one; all may read it.

    Raises:
        OSError
    """
    if place.exists() and not place.is_file():  # /dev/stdout
        place.write_text(text, encoding="utf-8", errors="replace")
        return
    # Not named *.prom: the collector would read it half written.
    fresh = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with fresh.open("w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            os.fchmod(file.fileno(), MODE)
        fresh.replace(place)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def check_place(place: Path) -> None:
    """Test if a file of metrics can be written.

    Raises:
        OSError
    """
    if not place.parent.is_dir():
        raise FileNotFoundError(2, "no such directory")
    if place.is_dir():
        raise IsADirectoryError(21, "is a directory")
    if not os.access(place.parent if place.is_file() or not place.exists() else place, os.W_OK):
        raise PermissionError(13, "permission denied")
