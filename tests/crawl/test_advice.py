"""Each check that failed says what to do next, for what went wrong."""

import pytest
from attrs import evolve

from crawler.crawl.advice import NEXT, with_advice
from crawler.crawl.verdict import Check, Facts, checks_of
from crawler.errors import REASONS
from crawler.items import Omission

WRONG = Facts(
    states={"failed": 2}, failed=["http://a.example/1", "http://a.example/2"], waiting=1, missing=["story=7: on no list of the site"],
    omitted=[Omission(reason="input file not read", count=1, example="a.har", incomplete=True)], read=2, bare=2, unreadable=1,
    damaged=["x.warc.gz: offset 9: torn"], broken="disk full", reasons={"tls": 2, "dns": 1},
)  # fmt: skip


def advice(facts: Facts) -> dict[str, str]:
    return {check.name: check.advice for check in with_advice(checks_of(facts), facts, "/a/demo") if not check.passed}


def test_every_failed_check_says_what_to_do() -> None:
    told = advice(WRONG)
    assert len(told) == 7
    assert all(text and not text[0].isupper() and not text.endswith(".") for text in told.values()), told
    assert len(set(told.values())) == len(told)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_a_failed_attempt_has_advice(reason: str) -> None:
    assert reason in NEXT
    facts = Facts(states={"done": 1, "failed": 1}, failed=["http://a.example/1"], reasons={reason: 1})
    assert NEXT[reason] in advice(facts)["every address settled"]


def test_advice_follows_the_most_frequent_reason() -> None:
    assert "ARCHIVE_TLS=record" in advice(WRONG)["a host answered"]
    assert "resolver" in advice(evolve(WRONG, reasons={"tls": 1, "dns": 3}))["a host answered"]


def test_what_is_left_of_a_run_is_gone_on_with() -> None:
    assert "run the same command again" in advice(Facts(states={"done": 1}, waiting=3))["every address settled"]


def test_refused_addresses_are_told_by_the_rule_that_refused_them() -> None:
    assert NEXT["robots"] in advice(Facts(states={"refused": 2}, reasons={"robots": 2}))["a host answered"]


def test_good_checks_have_none_and_own_advice_stands() -> None:
    good = with_advice(checks_of(Facts(states={"done": 1}, read=1)), Facts(), "/a/demo")
    assert not [check for check in good if check.advice]
    own = Check(name="a feed moves", passed=False, detail="stuck", advice="ask the publisher")
    other = Check(name="a new kind of check", passed=True, warned=True, detail="odd")
    assert with_advice([own, other], Facts(), "/a/demo")[0].advice == "ask the publisher"
    assert with_advice([other], Facts(), "/a/demo")[0].advice
