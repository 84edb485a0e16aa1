"""Make docs/transcript.svg: three commands on a terminal, from a real run of the demo. Run by hand: python docs/transcript.py."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#d29922"}
COLUMNS, LINE, CHARACTER = 112, 17, 7.8
COMMANDS = (("demo",), ("versions", "courier/1022", "--mirrors"), ("search", "harbour", "--limit", "2"))
MOST = 34
"""Lines shown of one command."""


def told(words: tuple[str, ...], archives: str) -> list[str]:
    """Run a command as on a terminal; its lines, with colours."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "crawler.settings", "ARCHIVE_DIR": archives}
    command = [str(Path(sys.executable).parent / "scrapy"), *words, "--color", "always"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return answer.replace(archives, "archives").rstrip().split("\n")


def shown(line: str) -> str:
    """One line as SVG text, cut to the width."""
    parts, colour, room = [], "", COLUMNS
    for piece in re.split(r"(\x1b\[\d+m)", line):
        if code := re.fullmatch(r"\x1b\[(\d+)m", piece):
            colour = COLOURS.get(code[1], "")
            continue
        text, room = piece[:room], room - len(piece[:room])
        if text:
            parts.append(f'<tspan fill="{colour}">{html.escape(text)}</tspan>' if colour else html.escape(text))
    return "".join(parts)


def main() -> None:
    """Run the commands, and write the picture."""
    lines: list[str] = []
    with TemporaryDirectory() as folder:
        for words in COMMANDS:
            lines.append(f'<tspan fill="{COLOURS["32"]}">$</tspan> news-archive {html.escape(" ".join(words))}')
            some = told(words, folder)
            lines += [shown(line) for line in some[:MOST]] + (["..."] if len(some) > MOST else []) + [""]
    rows = "\n".join(f'<text x="14" y="{30 + number * LINE}" xml:space="preserve">{line}</text>' for number, line in enumerate(lines))
    width, height = round(COLUMNS * CHARACTER + 28), len(lines) * LINE + 36
    (ROOT / "docs" / "transcript.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="A terminal">\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>\n'
        '<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" fill="#c9d1d9">\n'
        f"{rows}\n</g>\n</svg>\n"
    )


if __name__ == "__main__":
    main()
