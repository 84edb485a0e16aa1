"""html5lib's cases of tree construction: the words that a page shows and the links it has, as the standard's tree holds them."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import Unreadable
from crawler.parsers.document.page import Page
from suites import Case, judged

Told = tuple[str, list[str]]
_UNSEEN = frozenset({"script", "style", "template", "noscript", "noframes", "noembed", "iframe", "title", "head", "svg", "math"})
_RULES = {
    "#script-off": ("noscript holds text alone, as for browsers with scripts", True),
    "document.write": ("scripts are not run", True),
    "selectedcontent": ("the chosen option is not shown a second time", True),
    "\0": ("NUL is left out", True),
    "<frameset": ("what stands beside a frameset is shown", False),
    "<table": ("what stands astray in a table is shown where it is written", False),
    "<foreignObject": ("HTML within svg or math ends with the element around it", False),
    "<mn": ("HTML within svg or math ends with the element around it", False),
}
"""Rules by a sign of the cases they are for, and whether by them something may be missing."""
_NODE = re.compile(r"\| ( *)(.*)", re.DOTALL)


def of_html5lib(checkout: Path) -> Iterator[Case]:
    """The .dat files of tree-construction/; fragments are no pages."""
    for path in sorted((checkout / "tree-construction").rglob("*.dat")):
        for n, part in enumerate(re.split(r"(?m)^#data\n", path.read_bytes().decode("utf-8", "replace"))[1:]):
            data, _, rest = part.partition("\n#errors")
            if "#document-fragment" in rest or "\n#document\n" not in rest:
                continue
            wanted = _of_nodes(rest.partition("\n#document\n")[2])
            rule, may_miss = next((rule for sign, rule in _RULES.items() if sign in data + rest.partition("\n#document\n")[0]), ("", False))
            got = _of_page(data)
            yield judged(
                "tree-construction", f"{path.stem} {n} {data!r}", wanted, got, rule=rule if may_miss or not _misses(wanted, got) else ""
            )


def _misses(wanted: Told, got: Told) -> bool:
    """Whether a letter or a link is missing."""
    return bool(Counter(wanted[0].replace(" ", "")) - Counter(got[0]) or set(wanted[1]) - set(got[1]))


def _of_nodes(text: str) -> Told:
    """Words and links of a tree as the suite writes it: a node a line (a text may go on over several), two blanks a level."""
    words, links, open_ = [], [], []
    for node in re.split(r"\n(?=\| )", text.rstrip("\n")):
        found = _NODE.fullmatch(node)
        if found is None:
            continue
        depth, what = len(found[1]) // 2, found[2]
        del open_[depth:]
        if what.startswith(("<!", "<?")):
            continue
        if what.startswith("<"):
            open_.append(what.strip("<>").partition(" ")[0])
        elif what == "content":
            open_.append("template")
        elif not _UNSEEN.isdisjoint(open_):
            continue
        elif what.startswith('"'):
            words.append(what[1:-1])
        elif what.startswith("href=") and open_[-1] in ("a", "area"):
            links.append(what[6:-1])
    return " ".join("".join(words).split()), list(dict.fromkeys(links))


def _of_page(data: str) -> Told:
    """The same of our tree."""
    words: list[str] = []
    links: list[str] = []
    try:
        root = Page.from_text("https://n.example/", datetime(2026, 1, 1, tzinfo=UTC), data).root
    except Unreadable:
        return "", []

    def walk(element) -> None:  # type: ignore[no-untyped-def]
        if isinstance(element.tag, str) and element.tag not in _UNSEEN:
            if element.tag in ("a", "area") and element.get("href") is not None:
                links.append(element.get("href"))
            words.append(element.text or "")
            for child in element:
                walk(child)
        words.append(element.tail or "")

    walk(root)
    return " ".join("".join(words).split()), list(dict.fromkeys(links))


SUITES = {"html5lib+html5lib-tests": of_html5lib}
