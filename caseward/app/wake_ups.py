"""Tells workers that a run waits, on a thread of its own: no beat waits for a broker, whatever that answers."""

from __future__ import annotations

import threading
from queue import Empty, Full, Queue

from celery import Celery

from caseward.app.celery_setup import MEANWHILE, QUIET
from caseward.app.event_loop import lasting
from workflow.clock import elapsed
from workflow.scheduler.silences import Silence
from workflow.schedules.run import Run

WAITING = 100
"""This many messages wait at most for a slow broker; workers find the other runs by themselves."""
LOOK = 0.5
"""Seconds between two checks whether the beat is over."""


class WakeUps:
    """Sends wake-ups to workers. One that cannot be sent is dropped: it only makes a worker look sooner."""

    def __init__(self, app: Celery, task: str) -> None:
        self._app, self._task = app, task
        self._waiting: Queue[Run] = Queue(WAITING)
        self._over = threading.Event()
        self._trouble = Silence("beat.broker", MEANWHILE)
        lasting("teller", self._tell_all, self._over)

    def tell(self, run: Run) -> None:
        """Send at once; what becomes of it is not told."""
        try:
            self._waiting.put_nowait(run)
        except Full:
            return

    def end(self) -> None:
        self._over.set()

    def _tell_all(self) -> None:
        while not self._over.is_set():
            try:
                run = self._waiting.get(timeout=LOOK)
            except Empty:
                continue
            try:
                self._app.send_task(self._task, args=[run.id], queue=run.queue, ignore_result=True, retry=False)
                self._trouble.is_well(elapsed())
            except Exception as error:  # noqa: BLE001 - whatever a broker says, the runs stand in the database
                self._trouble.is_there(error, elapsed())
                self._rest()

    def _rest(self) -> None:
        """Leave a broker that answered wrongly alone for a moment; what waits for it is old by then, and is dropped."""
        self._over.wait(QUIET)
        while not self._waiting.empty():
            self._waiting.get_nowait()
