"""The garbage collector of processes that run for long."""

from __future__ import annotations

import gc

THRESHOLDS = (2_000, 10, 10)
"""Objects made before a young collection, young collections before a middle one, and middle ones before a full one."""
_OF_START = (50_000, 20, 100)


def start_quickly() -> None:
    """Have the garbage collector hardly look while modules are imported.

    There is next to no garbage, and looking for it is an eighth of what a short command takes.
    """
    gc.freeze()
    gc.set_threshold(*_OF_START)


def settle_heap() -> None:
    """Have the garbage collector pass over all that is held now, and look less often.

    What was imported lasts; each full collection would walk all of it, for a twentieth of a crawl's processor time. Of what is made later,
    full collections stay: they come when it has grown by a quarter.
    """
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
