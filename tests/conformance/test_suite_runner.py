"""The program that runs public suites: what it counts, and how it says that none is there."""

import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).with_name("run.py")


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(RUN), str(folder)], capture_output=True, text=True, timeout=60, check=False)


def test_no_suite_in_the_folder_is_exit_code_2(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 2
