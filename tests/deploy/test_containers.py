"""Image, compose file and Kubernetes manifests: checked by their own tools, and the image's conditions tried without a container."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from stands import ROOT, outer

CONTAINER, KUBERNETES = ROOT / "deploy" / "container", ROOT / "deploy" / "kubernetes"
DOCKERFILE = (CONTAINER / "Dockerfile").read_text()
RECIPES = ROOT / ".venv-recipes" / "bin"

READ_ONLY = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs {folder}
mkdir {folder}/archives
chown 10001 {folder} {folder}/archives
mount -o remount,ro,bind /
if touch {root}/written 2> /dev/null; then exit 99; fi
cd /
export HOME={folder} TMPDIR={folder} ARCHIVE_DIR={folder}/archives SCRAPY_SETTINGS_MODULE=crawler.settings PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH={packages}
exec setpriv --reuid 10001 --regid 10001 --clear-groups --bounding-set -all --no-new-privs {python} -m scrapy demo --report-json {folder}/report.json
"""


@pytest.mark.outer
def test_the_dockerfile_is_clean() -> None:
    done = subprocess.run([outer("hadolint", RECIPES / "hadolint"), str(CONTAINER / "Dockerfile")], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_what_the_image_copies_is_there_and_what_it_runs_as_is_nobody() -> None:
    sources = [word for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]]
    assert sources
    ignored = (CONTAINER / "Dockerfile.dockerignore").read_text().splitlines()
    for name in sources:
        assert (ROOT / name).exists()
        assert f"!{name.removeprefix('./')}" in ignored, "or the build would not find it"
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["debian:bookworm-slim"] * 2
    assert "\nUSER 10001:10001\n" in DOCKERFILE
    assert DOCKERFILE.index("\nUSER ") < DOCKERFILE.index("\nENTRYPOINT ")


@pytest.mark.outer
def test_it_runs_with_a_read_only_root_as_a_user_without_rights(tmp_path: Path) -> None:
    """As in the container: the installed package, Debian's Python, one writable folder."""
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode:
        outer("a mount namespace")
    packages = next((ROOT / ".venv-scrapyd").glob("lib/python3*/site-packages"), None)
    python = Path("/usr/bin") / packages.parent.name if packages else Path("/nowhere")
    if packages is None or not python.exists():
        outer("debian-python")
    script = READ_ONLY.format(folder="/mnt", root=ROOT, packages=packages, python=python)
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "COMPLETE (exit code 0)" in done.stdout
    assert not (ROOT / "written").exists()


@pytest.mark.outer
def test_compose_understands_its_file() -> None:
    done = subprocess.run([outer("docker-compose"), "-f", str(CONTAINER / "compose.yaml"), "config"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("read_only: true") == 2
    assert done.stdout.count("user: 10001:10001") == 2


def documents() -> list[dict[str, Any]]:
    """The manifests as data; read by the tools' own environment."""
    python = outer("recipes-python", RECIPES / "python")
    code = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))"
    done = subprocess.run([python, "-c", code, str(KUBERNETES / "cronjob.yaml")], capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.outer
def test_kubernetes_knows_every_field() -> None:
    validate = outer("kubernetes-validate", RECIPES / "kubernetes-validate")
    done = subprocess.run([validate, "--strict", str(KUBERNETES / "cronjob.yaml")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.outer
def test_jobs_never_overlap_and_may_do_little() -> None:
    jobs = [one for one in documents() if one["kind"] == "CronJob"]
    assert [one["metadata"]["name"] for one in jobs] == ["news-archive-crawl", "news-archive-maintain"]
    for job in jobs:
        assert job["spec"]["concurrencyPolicy"] == "Forbid"
        pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}
        }  # fmt: skip
        assert container["resources"]["limits"]["memory"]
        assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/archives", "/tmp"}
    assert {"ConfigMap", "PersistentVolumeClaim"} <= {one["kind"] for one in documents()}


@pytest.mark.outer
def test_alert_rules_are_yaml_of_their_form() -> None:
    python = outer("recipes-python", RECIPES / "python")
    code = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))"
    file = ROOT / "deploy" / "prometheus" / "alerts.yaml"
    rules = json.loads(subprocess.run([python, "-c", code, str(file)], capture_output=True, text=True, check=True).stdout)
    for group in rules["groups"]:
        for rule in group["rules"]:
            assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
            assert {"alert", "expr", "labels", "annotations"} <= set(rule)
            assert re.fullmatch(r"\d+[smhdw]", rule.get("for", "1h"))
