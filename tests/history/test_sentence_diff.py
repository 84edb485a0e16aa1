"""Differences by sentence and word: both texts come out of them, moves are said, nothing is confetti, hostile texts take no time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.history.alignment import align
from crawler.history.sentence_diff import Piece, sentence_diff, word_pieces
from crawler.history.sentences import sentences, words
from crawler.printed.word_diff import marked_sentences

PARTS = st.sampled_from(
    [
        "The ship sails at dawn. ",
        "It rains. ",
        "Mr. Berg ",
        "left; ",
        "no!\n",
        "\n\n",
        " ",
        "船は出る。",
        "جهاز وصل؟ ",
        "वह गया। ",
        "เรือออก ",
        "a",
        ".",
        "…",
        "\u200c",
        "\x00",
        "10. ",
    ]
)
TEXTS = st.lists(PARTS, max_size=20).map("".join) | st.text(max_size=60)


def cores(text: str) -> list[str]:
    return [one.core for one in sentences(text)]


def told(old: str, new: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.old, one.new) for one in sentence_diff(old, new)]


@given(TEXTS)
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(one.text for one in sentences(text)) == text
    assert "".join(one.text for one in words(text)) == text


@given(TEXTS, TEXTS)
def test_a_diff_holds_both_texts(old: str, new: str) -> None:
    pieces = sentence_diff(old, new)
    if old == new:
        assert pieces == []
        return
    assert "".join(one.old for one in pieces) == old
    assert "".join(one.new for one in pieces) == new
    flat = word_pieces(pieces)
    assert "".join(text for change, text in flat if change != "new") == old
    assert "".join(text for change, text in flat if change != "gone") == new
    for one in pieces:
        if one.kind == "changed":
            assert "".join(text for change, text in one.words if change != "new") == one.old
            assert "".join(text for change, text in one.words if change != "gone") == one.new
    away = "".join(one.old for one in pieces if one.kind == "moved_from").split()
    assert sorted(away) == sorted("".join(one.new for one in pieces if one.kind == "moved_to").split()) or away


@given(st.lists(st.sampled_from("abcdef"), max_size=30), st.lists(st.sampled_from("abcdef"), max_size=30))
def test_alignment_covers_both_and_says_equal_only_of_equals(old: list[str], new: list[str]) -> None:
    i = j = 0
    for equal, i1, i2, j1, j2 in align(old, new):
        assert (i1, j1) == (i, j)
        assert not equal or old[i1:i2] == new[j1:j2]
        i, j = i2, j2
    assert (i, j) == (len(old), len(new))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("Mr. J. Berg of the U.S. Navy left at 3.15 p.m. on Monday.", ["Mr. J. Berg of the U.S. Navy left at 3.15 p.m. on Monday."]),
        ("Am 5. Mai kam er. „Ja!“ sagte sie.", ["Am 5. Mai kam er.", "„Ja!“ sagte sie."]),
        ("“Wait!” he said. ‘Why?’ She left.", ["“Wait!” he said.", "‘Why?’", "She left."]),
        ("No sign\nof an end", ["No sign", "of an end"]),
        ("وصلت السفينة. هل غادرت؟ نعم.", ["وصلت السفينة.", "هل غادرت؟", "نعم."]),
        ("کشتی رسید. آیا رفت؟ بله!", ["کشتی رسید.", "آیا رفت؟", "بله!"]),
        ("جہاز پہنچا۔ وہ گیا۔", ["جہاز پہنچا۔", "وہ گیا۔"]),
        ("船到了。「他走了吗？」没有！", ["船到了。", "「他走了吗？」", "没有！"]),
        ("जहाज़ आया। वह गया॥ ठीक।", ["जहाज़ आया।", "वह गया॥", "ठीक।"]),
        ("เรือมาถึงแล้ว เขาจากไป", ["เรือมาถึงแล้ว", "เขาจากไป"]),
        ("መርከቡ መጣ። እሱ ሄደ።", ["መርከቡ መጣ።", "እሱ ሄደ።"]),
        ("Wait... what? Yes.", ["Wait... what?", "Yes."]),
    ],
)
def test_sentences_in_many_scripts(text: str, expected: list[str]) -> None:
    assert cores(text) == expected


def test_a_sentence_that_changed_as_a_whole_is_no_confetti() -> None:
    assert told("The ferry waits for paint.", "Bridges are blue, says committee.") == [
        ("gone", "The ferry waits for paint.", ""),
        ("new", "", "Bridges are blue, says committee."),
    ]
    flat = word_pieces(sentence_diff("The bridge waits for paint", "The bridge is blue, says committee"))
    assert flat == [("same", "The bridge "), ("gone", "waits for paint"), ("new", "is blue, says committee")]
    old, new = "Old quays in the harbour were sold to buyers.", "New lamps in the streets were lit to help the sailors."
    assert told(old, new) == [("gone", old, ""), ("new", "", new)]


def test_words_within_a_changed_sentence() -> None:
    (same, changed, rest) = sentence_diff(
        "It rains. Ten men sailed to the island on Monday. All is well.",
        "It rains. Twelve men sailed to the island on Monday. All is well.",
    )
    assert (same.kind, rest.kind) == ("same", "same")
    assert changed.words == (("gone", "Ten"), ("new", "Twelve"), ("same", " men sailed to the island on Monday. "))
    assert word_pieces(sentence_diff("one two three", "one too three")) == [
        ("same", "one "),
        ("gone", "two"),
        ("new", "too"),
        ("same", " three"),
    ]


def test_scripts_without_blanks_are_compared_by_letter() -> None:
    (changed,) = sentence_diff("三名船员今天抵达港口。", "五名船员今天抵达港口。")
    assert changed.words == (("gone", "三"), ("new", "五"), ("same", "名船员今天抵达港口。"))


def test_a_moved_paragraph_is_said_as_moved() -> None:
    first, second, third = (
        "The first ship came at noon.\n",
        "Nobody had expected the second one. It was late.\n",
        "A third was lost at sea.\n",
    )
    pieces = told(first + second + third, second + third + first)
    assert pieces == [("moved_from", first, ""), ("same", second + third, second + third), ("moved_to", "", first)]
    line = marked_sentences(sentence_diff(first + second + third, second + third + first))
    assert line.startswith("[moved away: The first ship came at noon.] ")
    assert line.endswith(" [moved here: The first ship came at noon.]")


def test_a_change_in_the_last_word_is_one_sentence() -> None:
    old = " ".join(f"Sentence number {n} of the story stands here." for n in range(50))
    pieces = sentence_diff(old, old.replace("number 30 of", "number thirty of"))
    assert [one.kind for one in pieces] == ["same", "changed", "same"]
    assert pieces[1].old.startswith("Sentence number 30")


LONG = 100_000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a" * LONG, "b" * LONG),
        ("a" * LONG, "a" * (LONG - 1) + "b"),
        ("船" * LONG, "舟" + "船" * LONG),
        ("船" * LONG + "x", "x" + "船" * LONG),
        ("It rains. " * 10_000, "It rains. " * 9_999 + "It pours."),
        ("It rains. " * 10_000, "It snows. " + "It rains. " * 10_001),
        ("It rains. It pours. " * 5_000, "It pours. It rains. " * 5_001),
        (" ".join(f"w{n}" for n in range(20_000)), " ".join(f"w{n}" if n % 2 else f"v{n}" for n in range(20_000))),
        (". ".join(f"Ship {n} sails" for n in range(10_000)), ". ".join(f"Ship {n * 7919 % 10_000} sails" for n in range(10_000))),
        ("a b " * 25_000, "b c " * 25_000),
        ("." * LONG, "!" * LONG),
        ("." * LONG + "x", "! " * LONG),
        ("\n" * LONG, " \n" * LONG),
        ("'a" * LONG, "-a" * LONG),
        ("\u0300" * LONG, "e\u0301" * LONG),
        ("0 1 " * 300 + "x", "1 0 0 1 1 " * 250),
    ],
    ids=range(16),
)
def test_hostile_texts_take_no_time(old: str, new: str) -> None:
    began = time.process_time()
    pieces = sentence_diff(old, new)
    flat = word_pieces(pieces)
    assert time.process_time() - began < 5
    assert "".join(one.old for one in pieces) == old
    assert "".join(text for change, text in flat if change != "gone") == new


def test_spaces_alone_are_no_change_of_a_sentence() -> None:
    pieces = sentence_diff("It rains. It pours.\n", "It rains.\nIt pours.")
    assert [one.kind for one in pieces] == ["same"]
    assert pieces == [Piece("same", "It rains. It pours.\n", "It rains.\nIt pours.")]
