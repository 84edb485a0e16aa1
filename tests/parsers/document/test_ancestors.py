"""Elements inside a kind of box: the same answer as a walk upwards, each box looked at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from small_pages import page

from crawler.parsers.document.ancestors import Within


def tree() -> list[etree._Element]:
    html = "<html><body><aside><div><p>a<b>b</b></p></div></aside><div><p>c</p><aside><i>d</i></aside></div>"
    return list(page(html).root.iter(etree.Element))


def is_aside(element: etree._Element) -> bool:
    return bool(element.tag == "aside")


@given(order=st.permutations(range(11)))
def test_the_order_of_questions_changes_no_answer(order: list[int]) -> None:
    elements, inside = tree(), Within(is_aside)
    for n in order:
        element = elements[n % len(elements)]
        assert inside(element) == any(is_aside(one) for one in (element, *element.iterancestors()))


def test_each_element_is_looked_at_once() -> None:
    seen: list[etree._Element] = []

    def kind(element: etree._Element) -> bool:
        seen.append(element)
        return is_aside(element)

    elements, inside = tree(), Within(kind)
    for _ in range(3):
        for element in elements:
            inside(element)
    assert len(seen) == len(set(seen)) <= len(elements)
