"""What was offered and not taken: counted, named, weighed."""

from crawler.items import MAX_EXAMPLE_CHARACTERS, Omissions


def test_the_first_example_stays_and_counts_add_up() -> None:
    omitted = Omissions()
    omitted.add("link out of scope", "https://a.example/1")
    omitted.add("link out of scope", "https://a.example/2", count=4)
    omitted.add("record of type resource", "x.warc.gz offset 0")
    assert [(one.reason, one.count, one.example) for one in omitted] == [
        ("link out of scope", 5, "https://a.example/1"),
        ("record of type resource", 1, "x.warc.gz offset 0"),
    ]
    assert not omitted.incomplete()


def test_what_was_due_once_stays_due() -> None:
    omitted = Omissions()
    omitted.add("input file not read", "a.har", incomplete=True)
    omitted.add("input file not read", "b.har")
    assert [(one.count, one.incomplete) for one in omitted.incomplete()] == [(2, True)]
    assert omitted.document() == {"input file not read": {"count": 2, "example": "a.har", "incomplete": True}}


def test_nothing_is_nothing_and_examples_are_short() -> None:
    omitted = Omissions()
    omitted.add("never", "x", count=0)
    assert len(omitted) == 0
    omitted.add("long", "y" * 1000)
    assert len(next(iter(omitted)).example) == MAX_EXAMPLE_CHARACTERS
