"""The README's two commands are one line each, and CI runs the second as printed."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_two_commands_are_the_first_two_and_ci_runs_the_second() -> None:
    first, second, *_ = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert "\n" not in first + second
    assert first.endswith(".venv/bin/scrapy demo")
    assert second.endswith(".venv/bin/python -m pytest")
    assert second in (ROOT / ".ci" / "run").read_text()


def test_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"]
    broken = [f"{page.name}: {link}" for page in pages for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
              if not (page.parent / link).exists()]  # fmt: skip
    assert not broken
