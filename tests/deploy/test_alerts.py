"""The alert rules ask for metrics that are written, under labels that they have."""

import re

from attrs import fields
from stands import ROOT

from crawler.coverage.figures import Counts
from crawler.hosts.mirror_health import State
from crawler.housekeeping.told import HELP as MAINTAIN
from crawler.monitoring.metrics import HELP, LEVELS, PREFIX

RULES = (ROOT / "deploy" / "prometheus" / "alerts.yaml").read_text()


def test_rules_ask_for_metrics_that_are_written() -> None:
    asked = set(re.findall(rf"\b{PREFIX}(\w+)", RULES))
    assert asked
    assert asked <= set(HELP) | {f"maintain_{name}" for name in MAINTAIN}
    assert {"last_success_timestamp_seconds", "run_check", "disk_free_bytes"} <= asked


def test_rules_ask_for_values_that_labels_have() -> None:
    assert set(re.findall(r'level="(\w+)"', RULES)) <= set(LEVELS)
    assert set(re.findall(r'state="(\w+)"', RULES)) <= set(State.__args__) | {field.name for field in fields(Counts)}  # type: ignore[attr-defined]
    assert set(re.findall(r"\$labels\.(\w+)", RULES)) <= {"site", "collection", "check", "host", "warc"}


def test_every_rule_says_what_is_wrong_and_what_to_do() -> None:
    rules = RULES.split("- alert: ")[1:]
    assert len({rule.split()[0] for rule in rules}) == len(rules)
    for rule in rules:
        assert re.search(r"severity: (page|ticket)", rule)
        assert "summary:" in rule
        assert "description:" in rule
