"""The README's two commands are one line each, and CI runs the second as printed."""

import re
import tomllib
from pathlib import Path

from attrs import asdict

from crawler import __version__
from crawler.crawl.report import Report
from crawler.crawl.report_text import render
from crawler.crawl.verdict import Check, Facts, checks_of
from crawler.memento.counts import ArchiveCounts
from crawler.memento.report_lines import judged

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_two_commands_are_the_first_two_and_ci_runs_the_second() -> None:
    first, second, *_ = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert "\n" not in first + second
    assert first.endswith(".venv/bin/scrapy demo")
    assert second.endswith(".venv/bin/python -m pytest -n logical --maxprocesses 4 --dist loadfile")
    assert second in (ROOT / ".ci" / "run").read_text()


def test_links_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    broken = [f"{page.name}: {link}" for page in pages for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
              if not (page.parent / link).exists()]  # fmt: skip
    assert not broken


def test_sources_that_the_docs_name_are_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md"), *(ROOT / "archives").glob("*.md")]
    names = {path.name for folder in ("crawler", "tests", "docs", "examples", "benchmarks") for path in (ROOT / folder).rglob("*.py")}
    missing = []
    for page in pages:
        for named in re.findall(r"`([\w./-]+\.py)`|`((?:crawler|tests)/[\w/.-]+)`|\bpython (tests/[\w/]+\.py)", page.read_text()):
            word = next(filter(None, named))
            if word.startswith("../"):
                continue  # beside the project, and only on some machines
            known = word in names if "/" not in word else any((root / word).exists() for root in (ROOT, ROOT / "crawler", ROOT / "tests"))
            if not known and not (page.parent / word).exists():
                missing.append(f"{page.name}: {word}")
    assert not missing


def test_the_version_has_one_source_a_section_of_the_changelog_and_a_release_note() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"]["path"] == "crawler/__init__.py"
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(rf"^## {re.escape(__version__)} - ", changelog, re.MULTILINE)
    assert (ROOT / "docs" / "releases" / f"{__version__}.md").exists()
    assert set(re.findall(r"^### (\w+)", changelog, re.MULTILINE)) <= {"Added", "Changed", "Fixed", "Removed"}


def test_every_decision_is_on_the_index_page_and_has_its_sections() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text()
    pages = sorted(folder.glob("0*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text()
        title = text.splitlines()[0].removeprefix("# ")
        assert f"- [{title}]({page.name})" in index
        assert {"Status", "Context", "Decision", "What would change it"} <= set(re.findall(r"^## (.+)$", text, re.MULTILINE)), page.name


def test_the_report_that_is_shown_has_the_lines_of_today() -> None:
    stats = {
        "stories": {}, "comparisons": {"asked": 2, "equal": 1, "different": 1}, "captures": 1, "revisits": 1, "bytes": 0, "seconds": 1, "frontier": {"done": 2, "given by another mirror": 1},
        "failures": {"status": 2}, "statuses": {"404": 2}, "templates": {}, "fallback_fields": {}, "mirrors": {"a.example": "resting"},
        "mirror_errors": {"a.example": "disconnect"}, "crawl_delay_clamped": {}, "limits": {}, "requisites": {"pictures": {"held": 1, "missing": 0}},
        "omitted": {"picture of one pixel": {"count": 1, "example": "http://a.example/", "incomplete": False}}, "failed_urls": [],
        "left": {"waiting": 0, "beyond": 0, "limit": ""},
    }  # fmt: skip
    archives = ArchiveCounts(looked_for=1, found={"courier/1003": "archive.brackwater.example"})
    archives.asked["archive.brackwater.example"] = 3
    stats |= {"archives": archives.document(), "backfill": {"numbers": None, "left": 0, "kinds": ["sections", "sitemap"]}}
    outages = (Check(name=name, passed=True, detail="") for name in ("feeds move (feed-stuck)", "lists show stories (empty-lists)"))
    checks = (*checks_of(Facts(states={"done": 2, "failed": 1}, read=1)), *outages, Check(**asdict(judged(archives))))
    made = render(Report(site="courier", collection="archives/demo", stats=stats, checks=checks, exit_code=0, reason="all that was due is here"))
    shown = README[README.index("Run report: ") : README.index("COMPLETE (exit code 0)")]
    labels = [re.split(r"  +|: ", line.strip())[0] for line in made.splitlines() if line.startswith("  ")]
    assert labels == [re.split(r"  +|: ", line.strip())[0] for line in shown.splitlines() if line.startswith("  ")]
    assert "failed on one mirror and came from another" in shown
    assert "status (404 x 4" in shown
