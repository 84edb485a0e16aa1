"""The shelf: sites are found by looking; a broken file is told with its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import SetupError
from crawler.sites import load_sites

GOOD = "from crawler.sites._site import Mirror, Site\n"
GOOD += "SITE = Site(name={name!r}, title='T', language='en', mirrors=(Mirror(host='a.example'),), stories=())\n"


def test_finds_ours_and_those_of_further_folders(tmp_path: Path) -> None:
    (tmp_path / "shelf_gazette.py").write_text(GOOD.format(name="gazette"))
    (tmp_path / "_notes.py").write_text("raise RuntimeError")
    assert {"presstv", "gazette"} <= set(load_sites([tmp_path]))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 +", "SyntaxError"),
        ("import no_such_library_anywhere", "no_such_library_anywhere"),
        ("X = 1", "holds no SITE"),
        (GOOD.format(name="presstv"), "already in"),
    ],
)
def test_a_broken_file_is_named_with_its_reason(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "shelf_broken.py").write_text(text)
    with pytest.raises(SetupError, match=told) as caught:
        load_sites([tmp_path])
    assert "shelf_broken.py" in str(caught.value)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no such folder"):
        load_sites([tmp_path / "nowhere"])
