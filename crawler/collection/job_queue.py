"""Queue of the writer thread: jobs in order, in batches, patient ones along with others."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from crawler.collection.jobs import Job

BATCH = 32
"""Jobs of a batch, above which no more are taken into it."""
PATIENT = 8
"""Patient jobs that wait together; with one more they go."""
PATIENCE_SECONDS = 0.2
"""Seconds that a change of the frontier waits for a record to be committed along with."""

Jobs = list[Job[Any]]


class JobQueue:
    """Jobs of any threads for one thread, in the order in which they are put."""

    def __init__(self) -> None:
        self.overdue: Callable[[], Jobs] = list
        """Asked when nothing has come for a while: jobs that are due by the time."""
        self._ready: queue.SimpleQueue[Jobs | None] = queue.SimpleQueue()
        self._patient: Jobs = []
        """Jobs that wait for another one to go along with."""
        self._gate = threading.Lock()
        self._closed = False

    def put(self, job: Job[Any], *, patient: bool = False) -> bool:
        """Add a job; False once the queue is closed.

        Args:
            patient: It may wait for the next job, and is done before it in the same batch.
        """
        with self._gate:
            if self._closed:
                return False
            self._patient.append(job)
            if not patient or len(self._patient) > PATIENT:
                self._ready.put(self._take_patient())
            return True

    def close(self) -> None:
        """Accept no more jobs; those that were put are still done."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._ready.put(self._take_patient())
                self._ready.put(None)

    def batch(self) -> tuple[Jobs, bool]:
        """Wait for jobs; return all that are there, and whether they are the last."""
        batch: Jobs = []
        jobs = self._next()
        while jobs is not None:
            batch += jobs
            if len(batch) >= BATCH or self._ready.empty():
                return batch, False
            jobs = self._ready.get()
        return batch, True

    def rest(self) -> Jobs:
        """Close the queue; return the jobs that will not be done."""
        self.close()
        rest: Jobs = []
        while not self._ready.empty():
            rest += self._ready.get() or []
        return rest

    def _next(self) -> Jobs | None:
        """Wait for jobs; patient ones come alone when nothing else does."""
        while True:
            try:
                return self._ready.get(timeout=PATIENCE_SECONDS)
            except queue.Empty:
                with self._gate:
                    # Looked at again: what was put meanwhile comes after them, and along with them.
                    if self._patient and self._ready.empty():
                        return self._take_patient()
                if self._ready.empty() and (due := self.overdue()):
                    return due

    def _take_patient(self) -> Jobs:
        jobs, self._patient = self._patient, []
        return jobs
