"""`scrapy prove`: a folder that anybody checks with standard tools."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from authority import running
from stands import ROOT, Scrapy


@pytest.fixture(scope="module")
def demo(demo_copy: Callable[[Path], Scrapy], tmp_path_factory: pytest.TempPathFactory) -> Scrapy:
    return demo_copy(tmp_path_factory.mktemp("prove") / "archives")


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_proof", ROOT / "examples" / "check_proof.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_shell(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", str(folder / "check.sh")], cwd="/", capture_output=True, text=True, check=False, timeout=120)


def test_a_proof_is_checked_by_shell_and_by_python_and_each_byte_counts(demo: Scrapy, checker: ModuleType, tmp_path: Path) -> None:
    done = demo("prove", "courier/1014", "-c", "demo", "--all", "--out", str(tmp_path / "p"))
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "p" / "proof.json").read_text())
    records = [record for capture in document["captures"] for record in capture["records"]]
    assert {record["type"] for record in records} >= {"request", "response", "metadata"}
    assert checker.check(tmp_path / "p") == len(records)
    checked = by_shell(tmp_path / "p")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count("good: ") == len(records)
    assert "NO independent timestamp" in (tmp_path / "p" / "README.txt").read_text()
    for record in records:
        file = tmp_path / "p" / record["file"]
        whole = file.read_bytes()
        file.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
        with pytest.raises(ValueError, match="does not lead"):
            checker.check(tmp_path / "p")
        assert by_shell(tmp_path / "p").returncode == 1
        file.write_bytes(whole)
    root = next((tmp_path / "p" / "roots").glob("*.txt"))
    root.write_text(root.read_text().replace("merkle: ", "merkle: 0"))
    with pytest.raises(ValueError, match="does not lead to root"):
        checker.check(tmp_path / "p")
    assert by_shell(tmp_path / "p").returncode == 1


def test_a_proof_with_a_timestamp(demo: Scrapy, tmp_path: Path) -> None:
    (tmp_path / "tsa").mkdir()
    with running(tmp_path / "tsa") as authority:
        settings = ("-s", f"ARCHIVE_TSA_URL={authority.url}", "-s", f"ARCHIVE_TSA_CA_FILE={authority.folder / 'root.pem'}")
        done = demo("prove", "1017", "-c", "demo", "--out", str(tmp_path / "p"), *settings)
        assert done.returncode == 0, done.stderr
        verified = demo("verify", "demo", *settings)
    assert verified.returncode == 0, verified.stdout
    checked = by_shell(tmp_path / "p")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "Verification: OK" in checked.stdout + checked.stderr
    shutil.copyfile(tmp_path / "tsa" / "signer.pem", tmp_path / "p" / "authority.pem")
    assert by_shell(tmp_path / "p").returncode == 1


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["courier/1017"], 2, "--out DIR"),
        (["courier/1017", "--out", "{there}"], 2, "is there already"),
        (["courier/9999", "--out", "{new}"], 1, "no such story"),
        (["courier/1017", "--version", "7", "--out", "{new}"], 1, "no capture shows a version 7"),
    ],
)
def test_what_cannot_be_proved_is_one_line(demo: Scrapy, tmp_path: Path, words: list[str], code: int, told: str) -> None:
    (tmp_path / "there").mkdir()
    done = demo("prove", *[word.format(there=tmp_path / "there", new=tmp_path / "new") for word in words], "-c", "demo", exits=code)
    assert told in done.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "there"]
