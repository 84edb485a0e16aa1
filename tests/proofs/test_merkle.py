"""Merkle trees: those of RFC 6962, and the ways up to their roots."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.proofs.merkle import climb, leaf_hash, merkle_root, node_hash, proof_path


def by_the_book(leaves: list[bytes]) -> bytes:
    """Section 2.1 of RFC 6962, word by word: split at the largest power of two below the count."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_the_book(leaves[:split]), by_the_book(leaves[split:]))


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_a_root_is_that_of_the_standard_and_each_leaf_leads_to_it(data: list[bytes]) -> None:
    leaves = [leaf_hash(one) for one in data]
    root = merkle_root(leaves)
    assert root == by_the_book(leaves)
    for at, leaf in enumerate(leaves):
        assert climb(leaf, proof_path(leaves, at)) == root


@pytest.mark.parametrize("count", [2, 3, 5, 8, 9])
def test_another_leaf_leads_elsewhere(count: int) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(count)]
    assert climb(leaf_hash(b"another"), proof_path(leaves, count - 1)) != merkle_root(leaves)


def test_leaves_and_nodes_are_hashed_apart() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
