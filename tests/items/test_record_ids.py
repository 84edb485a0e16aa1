"""Record ids are random, of version 4, and never given twice."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from crawler.items.record_ids import new_record_id


def test_ids_of_many_threads_differ() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: new_record_id(), range(5000)))
    assert len(set(made)) == 5000
    assert all(UUID(one).version == 4 and one == f"urn:uuid:{UUID(one)}" for one in made)


def test_a_child_process_does_not_give_the_ids_of_its_parent() -> None:
    new_record_id()
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.write(theirs, new_record_id().encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(ours, 100).decode() not in {new_record_id() for _ in range(300)}
    os.close(ours)
    os.close(theirs)
