"""Words of the index held against words of a page."""

from __future__ import annotations

from crawler.playback.words import Shown, compare, words_of

TEXT = "The harbour stays open. Ferries leave at nine."


def test_a_whole_text_among_others() -> None:
    shown = compare(TEXT, f"Menu News\n{TEXT}\nMore news", f"Menu News\n{TEXT}\nMore")
    assert shown == Shown(words=8, in_page=8, on_screen=8)
    assert shown.score == 1


def test_text_that_is_covered_or_out_of_order_is_not_on_the_screen() -> None:
    assert compare(TEXT, TEXT, "Accept all cookies").on_screen == 0
    turned = "Ferries leave at nine. The harbour stays open."
    assert compare(TEXT, turned, turned) == Shown(words=8, in_page=8, on_screen=4)


def test_words_twice_in_the_text_must_be_twice_in_the_page() -> None:
    assert compare("to be or not to be", "to be or not", "to be or not").in_page == 4


def test_no_text_has_no_score() -> None:
    assert compare("", "something", "something").score is None
    assert compare("…", "", "").score is None


def test_forms_of_letters_and_scripts_without_spaces() -> None:
    assert words_of("ﬁve CAFÉ café") == ["five", "café", "café"]
    assert words_of("می\u200cشود") == ["میشود"]
    assert words_of("东京tower塔") == ["东", "京", "tower", "塔"]
    assert compare("旧桥在春季维修之前继续开放", "新闻：旧桥在春季维修之前继续开放。", "旧桥在春季维修之前").score == 9 / 13


def test_long_texts_take_bounded_time() -> None:
    text = " ".join(f"w{n % 700}" for n in range(60_000))
    shown = compare(text, text, text)
    assert shown == Shown(words=50_000, in_page=50_000, on_screen=50_000)
