"""Site files, one a publisher, found by scanning this folder; there is no registry."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from attrs import evolve, frozen

from crawler.errors import SetupError
from crawler.sites.site import Site

logger = logging.getLogger(__name__)

FORMER_MODULES = {
    "crawler.sites._site": "crawler.sites.site",
    "crawler.parsers.dates": "crawler.parsers.dates.dates",
    "crawler.parsers.order": "crawler.parsers.text_order.config",
    "crawler.parsers.ordered": "crawler.parsers.text_order.fields",
    "crawler.parsers.page": "crawler.parsers.document.page",
    "crawler.parsers.readers": "crawler.parsers.document.selectors",
    "crawler.parsers.structured": "crawler.parsers.document.structured_data",
    "crawler.parsers.videos": "crawler.parsers.document.videos",
}
"""What site files of version 0.1.0 import, and where it is now: users' files go on working."""
NO_SITES = ("site", "known")
"""Modules of this package that define no site."""


@frozen(kw_only=True)
class Shelved:
    """A site and the file that defines it."""

    site: Site
    file: Path

    @property
    def fixtures(self) -> Path:
        """Folder of its fixtures, beside its file."""
        return self.file.parent / "fixtures" / self.site.name


def load_sites(folders: Sequence[str | Path] = ()) -> dict[str, Site]:
    """Load every site of this folder and further ones, by name; errors as `shelf`."""
    return {name: shelved.site for name, shelved in shelf(folders).items()}


def shelf(folders: Sequence[str | Path] = ()) -> dict[str, Shelved]:
    """Load every site of this folder and further ones, with its file, by name.

    Args:
        folders: Further folders with site files (`ARCHIVE_SITES`).
    Raises:
        SetupError: A site file cannot be loaded, holds no `SITE`, or repeats a name; a folder is missing.
    """
    found: dict[str, Shelved] = {}
    for path, package in _site_files(folders):
        site = _site_in(path, package)
        if site.name in found:
            raise SetupError(f"{path}: a site named {site.name!r} is already in {found[site.name].file}; rename one")
        found[site.name] = Shelved(site=site, file=path)
    return found


def _site_files(folders: Sequence[str | Path]) -> Iterator[tuple[Path, str | None]]:
    own = Path(__file__).parent
    if not own.is_dir():
        raise SetupError(f"{own}: lies within an archive (an egg, a zip), where no site file is found; install this package with pip")
    for path in sorted(own.glob("*.py")):
        if not path.name.startswith("_") and path.stem not in NO_SITES:
            yield path, __name__
    for folder in dict.fromkeys(Path(f).expanduser().absolute() for f in folders):
        if not folder.is_dir():
            raise SetupError(f"{folder}: no such folder; ARCHIVE_SITES must list folders with site files")
        for path in sorted(folder.glob("*.py")):
            if not path.name.startswith("_"):
                yield path, None


def _site_in(path: Path, package: str | None) -> Site:
    try:
        module = importlib.import_module(f"{package}.{path.stem}") if package else _module(path)
    except Exception as error:
        raise SetupError(f"{path}: this site file cannot be loaded: {type(error).__name__}: {error}") from error
    site = getattr(module, "SITE", None)
    if not isinstance(site, Site):
        raise SetupError(f"{path}: holds no SITE = Site(...); files that are no site begin with an underscore")
    return evolve(site, file=path)


def _module(path: Path) -> ModuleType:
    name = f"archive_site_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError("not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        exec(compile(_with_present_imports(path), path, "exec"), module.__dict__)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _with_present_imports(path: Path) -> ast.Module:
    """Parse a site file; imports of former modules name the present ones."""
    tree, former = ast.parse(path.read_bytes(), path), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in FORMER_MODULES:
            former.add(node.module)
            node.module = FORMER_MODULES[node.module]
    if former:
        names = ",".join(sorted(former))
        logger.warning("site-file-imports path=%s former=%s instead='from crawler import ...' (docs/api.md)", path, names)
    return tree
