"""The garbage collector of processes that run for long."""

from __future__ import annotations

import gc

THRESHOLDS = (2_000, 10, 10)
"""Objects made before a young collection, young collections before a middle one, and middle ones before a full one."""


def settle_heap() -> None:
    """Have the garbage collector pass over all that is held now, and look less often.

    What was imported lasts; each full collection would walk all of it, for a twentieth of a crawl's processor time. Of what is made later,
    full collections stay: they come when it has grown by a quarter.
    """
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
