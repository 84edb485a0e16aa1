"""Generator of the reference pages: `python docs/generate.py`.

It writes `settings.md`, `commands.md`, `schema.md`, `questions.md`, `rooms.md` and `reading-rules.md` from the code;
`tests/test_reference.py` fails when one is stale.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrapy.settings import Settings
from scrapy.utils.misc import load_object

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # this checkout, whatever is installed

from crawler.cli import ArchiveCommand, UnusedCommand
from crawler.parsers.explain import GROUPS
from crawler.publication.questions import QUESTIONS
from crawler.schema.described import describe

ORDER = ("list", "demo", "crawl", "read", "search", "versions", "events", "stats", "verify", "repair", "reindex", "export", "fixture")
"""Commands in the order of a first use; others follow by name."""


def settings_page() -> str:
    """Render every setting of ours: default, and the `#:` lines above it."""
    source = "".join((ROOT / "crawler" / f"{name}.py").read_text() for name in ("settings", "shared_settings"))
    how = "Made from `crawler/settings.py` and `shared_settings.py`. Set them with `scrapy crawl ... -s NAME=VALUE` or in a settings file."
    lines = ["# Settings", "", how, ""]
    lines += ["| setting | default | what it is |", "|---|---|---|"]
    for name, default, text in _settings(source):
        lines.append(f"| `{name}` | `{default}` | {text} |")
    lines += ["", "Scrapy's own settings keep their meaning; where fidelity or politeness asks for it, our values are not Scrapy's:", ""]
    lines += ["| setting | value |", "|---|---|"]
    lines += [f"| `{name}` | `{value}` |" for name, value in _scrapy_settings(source)]
    return "\n".join(lines) + "\n"


def _settings(source: str) -> Iterator[tuple[str, str, str]]:
    documented = re.compile(r"((?:^#:.*\n)+)(ARCHIVE_\w+)(?:: [^=\n]+)? = (.+)$", re.MULTILINE)
    for found in documented.finditer(source):
        text = " ".join(line.removeprefix("#:").strip() for line in found[1].splitlines())
        default = "`archives/` of the project" if found[2] == "ARCHIVE_DIR" else "None" if "environ" in found[3] else found[3]
        yield found[2], default.replace("`", ""), text.replace("|", "\\|")


def _scrapy_settings(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.isupper() and not name.startswith(("ARCHIVE_", "_")) and isinstance(node.value, ast.Constant):
                yield name, ast.unparse(node.value)


def commands_page() -> str:
    """Render every command, as its `--help` says it."""
    lines = ["# Commands", "", "Made from the commands themselves. All run through `scrapy`, from the project's root or anywhere with",
             "`SCRAPY_SETTINGS_MODULE=crawler.settings`.", ""]  # fmt: skip
    commands = _commands()
    unused = [command for command in commands.values() if isinstance(command, UnusedCommand)]
    used = [name for name, command in commands.items() if command not in unused]
    for name in sorted(used, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name)):
        command = commands[name]
        parser = _Options(add_help=False)
        command.settings = Settings({"LOG_LEVEL": "INFO"})
        command.add_options(parser)
        said = dict.fromkeys(text.rstrip(".") for text in (command.short_desc(), command.long_desc()))
        lines += [f"## scrapy {name}", "", f"`{f'scrapy {name} {command.syntax()}'.strip()}`", "", *(f"{text}." for text in said), ""]
        lines += [f"- `{option}`: {text}" for option, text in parser.own]
        lines += [""] if parser.own else []
    lines += ["## Commands of Scrapy's that are not used", "", "They end with exit code 2 and say what to use instead.", ""]
    lines += [f"- `scrapy {command.name}`: {command.instead}" for command in unused] + [""]
    lines += ["## Spider arguments", "", *_arguments(), "", "## Exit codes", "", *_exit_codes(), ""]
    return "\n".join(lines)


class _Options(argparse.ArgumentParser):
    """Parser that remembers a command's own options.

    Scrapy's global ones come in a group, and are not among them.
    """

    def __init__(self, **more: Any) -> None:
        self.own: list[tuple[str, str]] = []
        super().__init__(**more)

    def add_argument(self, *names: Any, **more: Any) -> argparse.Action:
        """Add and remember."""
        metavar = more.get("metavar") or ""
        self.own.append((f"{', '.join(names)} {metavar}".strip(), str(more.get("help", ""))))
        return super().add_argument(*names, **more)


def _commands() -> dict[str, ArchiveCommand]:
    """Make every command of the folder, by name."""
    names = sorted(path.stem for path in (ROOT / "crawler" / "commands").glob("*.py") if not path.stem.startswith("_"))
    return {name: load_object(f"crawler.commands.{name}.Command")() for name in names}


def _arguments() -> list[str]:
    return [
        "`scrapy crawl SITE -a NAME=VALUE`; an unknown name is a usage error, names that begin with `_` are ignored.",
        "",
        "| argument | values | what it does |",
        "|---|---|---|",
        "| `mirrors` | HOST,HOST | only these mirrors of the site, in this order |",
        "| `since`, `until` | DATE | stories published on these days only, both included: by the date in the address, else as the index"
        " knows it; a story of which nothing tells the day is taken, and counted if it lies outside; a usage error where addresses tell no"
        " day |",
        "| `sections` | ID,ID | only these section fronts |",
        "| `story` | ID | only this story |",
        "| `url` | URL,URL | only these addresses |",
        "| `max_stories` | N | no more than this many stories; the rest waits for the next run |",
        "| `requisites` | none, images, all | what is captured beside pages: nothing, pictures of articles, or all that the look of"
        " stories and lists needs (docs/requisites.md); default all; named on a known collection it asks for what is missing,"
        " without the pages |",
        "| `recheck` | yes, no | `yes`: ask again for every known story, due or not, also for those that no list shows any more (within"
        " `since`, `until`, `sections`, `max_stories`); `no`: for none; default: for those that are due |",
        "| `backfill` | no, sitemap, sections, numbers | all of the sitemap, all pages of all sections; default: what is recent (see"
        " `ARCHIVE_RECENT_DAYS`); `numbers`: all unknown story numbers, where the site file has `story_page` |",
        "| `read` | yes, later | `later`: capture now, read with `scrapy reindex COLLECTION --unread` |",
        "| `seeds`, `scope`, `max_pages`, `depth` | | of `scrapy crawl web`: addresses; host, domain or page; limits |",
        "| `warcs` | | of `scrapy crawl replay`: a file, glob or folder (with all in it), a list of these, or `-` (standard input) |",
        "| `collection`, `copy` | | of `scrapy crawl replay`: where to; `no` leaves WARC and WARC.gz files where they are |",
    ]


def _exit_codes() -> list[str]:
    return [
        "| code | means |",
        "|---|---|",
        "| 0 | complete |",
        "| 1 | set-up error: a setting, a path, an unreadable file |",
        "| 2 | usage |",
        "| 10 | incomplete: an address that was due is neither captured nor refused, or no host answered, or a check of the report fails;"
        " `reindex`, `repair`: what was due to be read again could not be |",
        "| 11 | the collection is in use by another process |",
        "| 12 | disk full, or a write failed |",
        "| 13 | damage found |",
        "| 14 | stopped by a signal; run again to go on |",
    ]


_PACKED = """`versions`, `images` and `links` are views over packed tables; plain SQL unpacks them, and `INSERT`, `UPDATE` and `DELETE`
work on them.
The links of one page (`WHERE capture_id = ...`) take a few milliseconds. A search through the links of all pages unpacks every list, one
to fifteen milliseconds a page; make a plain table of them first if there is more than one to be made:

    CREATE TABLE all_links AS SELECT * FROM links;
    CREATE INDEX all_links_url ON all_links(url);
""".splitlines()


def schema_page() -> str:
    """Render every table, view and column of `index.db`."""
    what = "Made from `crawler/schema/` and `crawler/views/`. SQLite, WAL; times are ISO 8601 UTC text, lists and objects JSON."
    lines = ["# Schema of index.db", "", what, "", *_PACKED]
    for table in describe():
        lines += [f"## {table.name}", "", table.text, "", "| column | what it holds |", "|---|---|"]
        lines += [f"| `{column.name}` | {column.text} |" for column in table.columns]
        lines.append("")
    return "\n".join(lines)


LOWEST = (
    "errors", "failpoints", "formatting", "garbage", "interrupts", "items", "settings", "shared_settings", "spooled", "timeline", "urls",
    "views",
)  # fmt: skip
"""Packages and modules that everybody imports: one node of the graph."""


def rooms_page() -> str:
    """Render the packages by floor, and a graph of their imports."""
    graph = _rooms()[0]
    floors: dict[int, list[str]] = {}
    for room in graph:
        floors.setdefault(_floor(room, graph), []).append(room)
    how = "Made from the imports by `docs/generate.py`. A package imports lower floors only; `tests/test_house.py` holds it."
    text = ["# Rooms", "", how, ""]
    text += ["| floor | package | what it holds | imports |", "|---:|---|---|---|"]
    for floor in sorted(floors, reverse=True):
        for room in sorted(floors[floor]):
            about = "What everybody imports" if room == "lowest" else _about(room)
            names = ", ".join(f"`{name}`" for name in LOWEST) if room == "lowest" else f"`{room}`"
            text.append(f"| {floor} | {names} | {about} | {', '.join(sorted(graph[room] - {'lowest'}))} |")
    text += ["", "Packages of `parsers`:", "", "| package | what it holds |", "|---|---|"]
    for path in sorted(path for path in (ROOT / "crawler" / "parsers").iterdir() if (path / "__init__.py").exists()):
        text.append(f"| `{path.name}` | {_about(f'parsers/{path.name}')} |")
    text += ["", "Arrows that longer ways imply are left out:", "", "```mermaid", "flowchart TD"]
    text += [f"    {room} --> {other}" for room in sorted(graph) for other in sorted(_reduced(room, graph))]
    return "\n".join([*text, "```", ""])


def _rooms() -> tuple[dict[str, set[str]], dict[str, int]]:
    """Read which room imports which, and count the lines of each."""
    graph: dict[str, set[str]] = {}
    lines: dict[str, int] = {}
    for path in sorted((ROOT / "crawler").rglob("*.py")):
        source = path.read_text()
        room = _room(path.relative_to(ROOT / "crawler").parts[0].removesuffix(".py"))
        if room == "__init__":
            continue
        lines[room] = lines.get(room, 0) + len(source.splitlines())
        modules = (module.split(".") for module in _imports(ast.parse(source)))
        others = {_room(parts[1]) for parts in modules if parts[0] == "crawler" and len(parts) > 1 and not parts[1].startswith("_")}
        graph.setdefault(room, set()).update(others - {room})
    return graph, lines


def _room(name: str) -> str:
    return "lowest" if name in LOWEST else name


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _floor(room: str, graph: dict[str, set[str]]) -> int:
    """Count the rooms on the longest way down; a circle is a RecursionError."""
    return 1 + max((_floor(other, graph) for other in graph[room]), default=0)


def _below(room: str, graph: dict[str, set[str]]) -> set[str]:
    """Collect every room below a room."""
    return graph[room].union(*(_below(other, graph) for other in graph[room]))


def _reduced(room: str, graph: dict[str, set[str]]) -> set[str]:
    """Keep the imports that no other import implies."""
    return graph[room] - set().union(*(_below(other, graph) for other in graph[room]))


def _about(room: str) -> str:
    """Take the first line of a package's or module's docstring."""
    path = ROOT / "crawler" / room
    source = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text()
    return (ast.get_docstring(ast.parse(source)) or "").split("\n")[0].replace("|", "\\|")


def rules_page() -> str:
    """Render the rules that read captions, credits and other fields, in the order they are asked."""
    made = "Made from `crawler/parsers/explain.py`. The first that speaks wins."
    lines = ["# Rules of reading", "", *_HOW_TO_ASK, "", "## The rules", "", made, ""]
    for field, rules in GROUPS:
        lines += [f"### {field}", "", "| rule | what it does |", "|---|---|"]
        lines += [f"| {name} | {_first_line(rule)} |" for name, rule in rules] + [""]
    return "\n".join(lines)


_HOW_TO_ASK = """Why is this caption wrong? Save the page and ask:

    scrapy read PAGE.html --url ADDRESS --explain

The answer names the reader (a template or `generic`), and for each field the rule that won (`*`), the answers of the others and the
rules that found nothing. Each picture has a block of its own: `caption` is the rule that found its text, `credit` the one that took
the text apart, `credit wording` the wording in it, `caption and credit` what corrected them afterwards, `kept` why the picture counts
as the article's. Under `PICTURES LEFT OUT` stand the others with the reason. To correct a rule: its function has the rule's name, in
`crawler/parsers/images/`, `captions/`, `credits/`, `generic/` or `text_order/`.

`scrapy read --jsonl --explain` puts the same into key `explain` of each JSON document: `reader`, `templates`, `fields`, `pictures`
(`url`, `caption`, `credit`, `rules`) and `left_out` (`url`, `rule`); a field is
`{won, said: [{rule, answer}], silent: [rule]}`.""".splitlines()


def _first_line(rule: object) -> str:
    return (inspect.getdoc(rule) or "").split("\n")[0].removesuffix(".").replace("|", "\\|")


_HOW_TO_QUERY = """Each question below is a view or a few lines of SQL on `index.db`, and a canned query in Datasette: `.venv/bin/datasette
archives/presstv/index.db` shows them under "Queries", with a form where there is something to fill in. At the terminal:

    .venv/bin/sqlite-utils archives/presstv/index.db "select credit, pictures from pictures_by_credit order by pictures desc limit 10" -t

All of them are run by the tests. Every table, view and column is described in [schema.md](schema.md). Credits and agencies are folded for
counting (`credit_key`, `agency_key`): letter case, white space, Unicode forms and punctuation at the ends make no difference, and the form
that is printed most often is shown.

In a notebook or a program the same SQL gives rows:

    import sqlite3
    with sqlite3.connect("file:archives/presstv/index.db?mode=ro", uri=True) as index:
        for credit, pictures in index.execute("select credit, pictures from pictures_by_credit order by pictures desc limit 10"):
            print(pictures, credit)
""".splitlines()


def questions_page() -> str:
    """Render the usual questions with their SQL."""
    lines = ["# Questions", "", "Made from `crawler/publication/questions.py`.", "", *_HOW_TO_QUERY]
    for one in QUESTIONS:
        lines += ["", f"## {one.title}", "", one.about, "", "```sql", one.sql, "```"]
        lines += ["", "With " + ", ".join(f"`:{name}` = `{value}`" for name, value in one.example) + ", say."] if one.example else []
    return "\n".join(lines) + "\n"


PAGES = {
    "questions.md": questions_page,
    "reading-rules.md": rules_page,
    "rooms.md": rooms_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
    "schema.md": schema_page,
}


def main() -> None:
    """Write every page; print the lines of each package."""
    for name, make in PAGES.items():
        (ROOT / "docs" / name).write_text(make())
        print(f"docs/{name}")
    for room, lines in sorted(_rooms()[1].items()):
        print(f"{lines:7,} lines  {room}")


if __name__ == "__main__":
    main()
