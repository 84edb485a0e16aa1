"""A package that lies in a zip file finds no site files, and says so."""

import subprocess
import sys
import zipfile
from pathlib import Path

from stands import ROOT


def test_site_files_in_an_archive_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    egg = tmp_path / "crawler.egg"
    with zipfile.ZipFile(egg, "w") as archive:
        for file in (ROOT / "crawler").rglob("*.py"):
            archive.write(file, file.relative_to(ROOT))
    code = f"import sys; sys.path.insert(0, {str(egg)!r}); from crawler.sites import load_sites; load_sites([])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env={"PATH": "/usr/bin"})
    assert "lies within an archive" in done.stderr
    assert "install this package with pip" in done.stderr
