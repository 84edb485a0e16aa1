"""Confinement of a worker process: no network, no writable file, no further process.

Where the kernel offers it; else a worker works all the same.
"""

from __future__ import annotations

from crawler.workers.landlock import restrict
from crawler.workers.seccomp import filter_calls


def confine() -> str:
    """Confine this process for good, by Landlock and by a filter of system calls.

    Either keeps files from being written; only the filter keeps off every kind of socket and other processes.

    Returns:
        An empty text, or what the kernel does not offer: the process works all the same.
    """
    _, no_landlock = restrict()
    # Last: it may refuse calls that the others need.
    no_filter = filter_calls()
    # The filter alone keeps all of it; beside it Landlock is a second wall, which older kernels have not.
    return "; ".join(why for why in (no_filter, no_landlock) if why) if no_filter else ""
