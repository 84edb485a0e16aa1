"""Shell completion, asked of the shells themselves; those that are not installed are left out."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stands import outer

from crawler.terminal.program import SHELLS

Typed = Callable[..., Any]
ASK = {
    "bash": "source {script}; COMP_LINE={line}; COMP_POINT=${{#COMP_LINE}}; COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'; _news_archive; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
    "zsh": "compdef() {{ }}; source {script}; compadd() {{ [[ $1 == -S ]] && shift 2; shift; print -l -- $@ }}; words=(${{(s: :)$(print -r -- {line}x)}});"
           " words[-1]=${{words[-1]%x}}; CURRENT=$#words; _news_archive",
    "fish": "source {script}; complete -C {line} | string split -f1 \\t",
}
"""What prints the completions of a line."""


@pytest.fixture(params=[pytest.param(shell, marks=() if shell == "bash" else pytest.mark.outer) for shell in SHELLS])
def complete(request: pytest.FixtureRequest, typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], set[str]]:
    """Ask a shell for the completions of a line."""
    shell = request.param
    outer(shell)
    archives = tmp_path / "the archives"
    for name in ("presstv", "demo"):
        (archives / name).mkdir(parents=True)
        (archives / name / "index.db").touch()
    (tmp_path / "page.html").touch()
    told = typed("completion", shell, archives=archives)
    assert told.code == 0
    script = tmp_path / "script"
    script.write_text(told.out)
    monkeypatch.delenv("ARCHIVE_DIR", raising=False)

    def ask(line: str) -> set[str]:
        words = [shell, "-f", "-c"] if shell == "zsh" else [shell, "--no-config" if shell == "fish" else "--norc", "-c"]
        code = ASK[shell].format(script=shlex.quote(str(script)), line=shlex.quote(line))
        answer = subprocess.run([*words, code], capture_output=True, text=True, cwd=tmp_path, timeout=30, check=False)
        assert not answer.stderr
        found = {word.rstrip("/") for word in answer.stdout.splitlines()} - {""}
        if shell == "zsh":  # its own `compadd` leaves out what does not fit
            found = {word for word in found if word.startswith(line.rpartition(" ")[2])}
        # Bash is given what stands behind the last `=` only.
        head = line.rpartition(" ")[2].rpartition("=")
        return {f"{head[0]}={word}" for word in found} if shell == "bash" and head[1] else found

    return ask


Complete = Callable[[str], set[str]]


def test_commands(complete: Complete) -> None:
    assert complete("scrapy ver") == {"verify", "version", "versions"}
    assert complete("news-archive exp") == {"export"}
    assert "genspider" not in complete("scrapy ")


def test_sites_and_spider_arguments(complete: Complete) -> None:
    assert complete("scrapy crawl pre") == {"presstv"}
    assert {"presstv", "web", "replay", "all"} <= complete("scrapy crawl ")
    assert complete("scrapy crawl presstv -a back") == {f"backfill={kind}" for kind in ("no", "sitemap", "sections", "numbers")}
    assert complete("scrapy crawl presstv -a backfill=s") == {"backfill=sitemap", "backfill=sections"}
    assert complete("news-archive crawl web -L INFO -a se") >= {"seeds="}
    assert complete("scrapy edit hk") == {"hkfp"}
    assert complete("scrapy enqueue pre") == {"presstv"}
    assert complete("scrapy enqueue web -a se") >= {"seeds="}
    assert complete("scrapy enqueue presstv --ev") == {"--every"}
    assert complete("scrapy jobs --lo") == {"--lost", "--logfile", "--loglevel"}


def test_options_and_their_values(complete: Complete) -> None:
    assert complete("scrapy versions --di") == {"--diff"}
    assert complete("scrapy crawl presstv --report-j") == {"--report-json"}
    assert complete("scrapy stats -L WA") == {"WARNING"}
    assert complete("scrapy stats --color n") == {"never"}
    assert complete("scrapy stats -s ARCHIVE_OPER") == {"ARCHIVE_OPERATOR="}
    assert complete("scrapy completion z") == {"zsh"}


def test_collections_are_looked_for_when_tab_is_pressed(complete: Complete, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert complete("scrapy stats ") >= {"presstv", "demo"}
    assert complete("scrapy search -c de") == {"demo"}
    assert complete("scrapy verify pr") >= {"presstv"}
    other = tmp_path / "other"
    (other / "quay").mkdir(parents=True)
    (other / "quay" / "index.db").touch()
    monkeypatch.setenv("ARCHIVE_DIR", str(other))
    assert complete("scrapy stats ") == {"quay"}


def test_files(complete: Complete) -> None:
    assert complete("scrapy read pa") == {"page.html"}
    assert complete("scrapy crawl web --metrics pa") == {"page.html"}


def test_other_shells_are_refused(typed: Typed) -> None:
    assert typed("completion", "csh").err == "completion: name one shell: bash, zsh, fish\n"
    assert typed("completion").code == 2
