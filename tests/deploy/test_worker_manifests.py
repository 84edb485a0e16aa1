"""Compose file and manifests of several workers: checked by their own tools, and against each other and the product."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from stands import ROOT, outer

from crawler import settings
from crawler.cli.entry import COMMANDS

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
RECIPES = ROOT / ".venv-recipes" / "bin"
COMPOSE = DEPLOY / "compose.yaml"
WORKERS = ("worker-1", "worker-2")


def read(file: Path) -> list[Any]:
    """The documents of a file; read by the tools' own environment."""
    python = outer("recipes-python", RECIPES / "python")
    code = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))"
    done = subprocess.run([python, "-c", code, str(file)], capture_output=True, text=True, check=True)
    found: list[Any] = json.loads(done.stdout)
    return found


@pytest.mark.outer
def test_compose_understands_the_workers_file_and_wants_the_keys(tmp_path: Path) -> None:
    compose = outer("docker-compose")
    environment = {name: value for name, value in os.environ.items() if name not in ("PGPASSWORD",) and not name.startswith("AWS_")}
    done = subprocess.run([compose, "-f", str(COMPOSE), "config"], capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert done.returncode != 0
    assert "in deploy/.env" in done.stderr
    environment |= {"PGPASSWORD": "one", "AWS_ACCESS_KEY_ID": "two", "AWS_SECRET_ACCESS_KEY": "three"}
    done = subprocess.run([compose, "-f", str(COMPOSE), "config"], capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.outer
def test_services_of_compose_hang_together() -> None:
    (document,) = read(COMPOSE)
    services = document["services"]
    assert {"database", "store", "bucket", "enqueue", "room", "replay", *WORKERS} == set(services)
    names = [services[worker]["environment"]["ARCHIVE_WORKER"] for worker in WORKERS]
    assert names == list(WORKERS), "two of one name would write one collection"
    for name, service in services.items():
        if name in ("database", "store"):
            continue
        assert service["read_only"]
        assert service["user"] == "10001:10001"
        assert service["cap_drop"] == ["ALL"]
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")
    assert set(services["replay"]["environment"]) == set(document["x-keys"]), "pywb needs no way into the database"
    for worker in WORKERS:
        assert "@database/" in services[worker]["environment"]["ARCHIVE_FRONTIER"]
        assert services[worker]["environment"]["ARCHIVE_STORE"].startswith("s3://archive/"), "the bucket that `bucket` makes"
        assert set(services[worker]["depends_on"]) == {"database", "bucket"}
        assert int(services[worker]["stop_grace_period"].rstrip("s")) >= 60
    assert ":8090/health" in services["worker-1"]["healthcheck"]["test"][-1]


@pytest.mark.outer
@pytest.mark.parametrize("name", ["workers.yaml", "database.yaml"])
def test_kubernetes_knows_every_field_of_it(name: str) -> None:
    validate = outer("kubernetes-validate", RECIPES / "kubernetes-validate")
    done = subprocess.run([validate, "--strict", str(KUBERNETES / name)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.outer
def test_the_image_of_pywb_is_clean() -> None:
    done = subprocess.run([outer("hadolint", RECIPES / "hadolint"), str(DEPLOY / "container" / "pywb.Dockerfile")], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def pods(documents: list[Any]) -> dict[str, Any]:
    """Pods by the name of what makes them."""
    found = {}
    for one in documents:
        spec = one.get("spec", {})
        template = spec.get("template") or spec.get("jobTemplate", {}).get("spec", {}).get("template")
        if template:
            found[one["metadata"]["name"]] = template
    return found


@pytest.mark.outer
def test_workers_keep_their_names_and_disks_and_are_taken_away_one_by_one() -> None:
    documents = {(one["kind"], one["metadata"]["name"]): one for one in read(KUBERNETES / "workers.yaml")}
    workers = documents["StatefulSet", "news-archive-worker"]["spec"]
    (container,) = workers["template"]["spec"]["containers"]
    environment = {one["name"]: one for one in container["env"]}
    assert environment["ARCHIVE_WORKER"]["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.name"}}
    assert [claim["metadata"]["name"] for claim in workers["volumeClaimTemplates"]] == ["archives"]
    assert workers["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    assert workers["template"]["spec"]["terminationGracePeriodSeconds"] >= 60
    assert documents["PodDisruptionBudget", "news-archive-worker"]["spec"]["maxUnavailable"] == 1
    unwell = container["livenessProbe"]["periodSeconds"] * container["livenessProbe"]["failureThreshold"]
    assert unwell > settings.ARCHIVE_FRONTIER_WAIT, "a database that is away restarts nobody"
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"] == {"path": "/health", "port": "health"}
    assert "ARCHIVE_HEALTH=0.0.0.0:8090" in container["args"]
    assert container["ports"] == [{"name": "health", "containerPort": 8090}]


@pytest.mark.outer
@pytest.mark.parametrize("name", ["workers.yaml", "database.yaml", "cronjob.yaml"])
def test_pods_may_do_little_and_their_labels_are_those_asked_for(name: str) -> None:
    documents = read(KUBERNETES / name)
    labels = [template["metadata"]["labels"] for template in pods(documents).values() if "metadata" in template]
    for kind in ("StatefulSet", "PodDisruptionBudget"):
        for one in documents:
            if one["kind"] == kind:
                assert one["spec"]["selector"]["matchLabels"] in labels
    for template in pods(documents).values():
        pod = template["spec"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"]
            assert container["resources"]["limits"]["memory"]
            assert container["resources"]["requests"]


@pytest.mark.outer
def test_no_key_stands_in_a_manifest() -> None:
    for file in KUBERNETES.glob("*.yaml"):
        for one in read(file):
            assert one["kind"] != "Secret", "made by kubectl, as the README says"
            for template in pods([one]).values():
                for container in template["spec"]["containers"]:
                    for variable in container.get("env", []):
                        if re.search("PASSWORD|SECRET|KEY", variable["name"]):
                            assert "secretKeyRef" in variable["valueFrom"]
    assert not re.search(r"(PASSWORD|SECRET_ACCESS_KEY): *[\"']?[A-Za-z0-9]", COMPOSE.read_text())


@pytest.mark.outer
def test_database_and_workers_speak_of_the_same() -> None:
    frontier = read(KUBERNETES / "workers.yaml")[0]["data"]["ARCHIVE_FRONTIER"]
    user, host, name = re.fullmatch(r"postgresql://(\w+)@([\w-]+)/(\w+)", frontier).groups()  # type: ignore[union-attr]
    service, database, _ = read(KUBERNETES / "database.yaml")
    assert service["metadata"]["name"] == host
    environment = {one["name"]: one.get("value") for one in database["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert (environment["POSTGRES_USER"], environment["POSTGRES_DB"]) == (user, name)
    (cluster,) = read(KUBERNETES / "database-cnpg.yaml")
    assert cluster["spec"]["bootstrap"]["initdb"]["owner"] == user
    assert cluster["spec"]["bootstrap"]["initdb"]["database"] == name
    assert cluster["spec"]["managed"]["services"]["additional"][0]["serviceTemplate"]["metadata"]["name"] == host
    assert cluster["spec"]["inheritedMetadata"]["labels"]["app"] == "news-archive-database"


@pytest.mark.outer
def test_commands_and_settings_of_the_files_are_the_products() -> None:
    commands = {path.stem for path in (ROOT / COMMANDS.replace(".", "/")).glob("*.py")}
    services = read(COMPOSE)[0]["services"]
    given = [service["command"] for name, service in services.items() if service.get("image") == "news-archive" and name != "bucket"]
    for template in pods(read(KUBERNETES / "workers.yaml")).values():
        given += [container["args"] for container in template["spec"]["containers"]]
    unit = (DEPLOY / "systemd" / "news-archive-work.service").read_text()
    given.append(re.search(r"^ExecStart=\S+/scrapy (.+)$", unit, re.MULTILINE)[1].split())  # type: ignore[index]
    for words in given:
        assert words[0] in commands
        for name in re.findall(r"(ARCHIVE_\w+)=", " ".join(words)):
            assert hasattr(settings, name)
