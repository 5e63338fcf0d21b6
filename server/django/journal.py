"""Numbers what happens to one worker's cache, and keeps the time that the cache read: by these a run is
replayed to the letter."""

import threading
import time
from collections import Counter
from contextlib import contextmanager


class Operation:
    """One operation on the cache under study: its place in the order, from 1, and its time."""

    outcome = None
    stored = False
    seconds = 0.0

    def __init__(self, what):
        self.what = what


class Clock:
    """Stands for `time` in Django's cache modules: tells the machine's time, and keeps what it told."""

    def __init__(self):
        self._thread = threading.local()

    def time(self):
        self._thread.told = time.time()
        return self._thread.told

    @property
    def told(self):
        return self._thread.told


class Journal:
    def __init__(self):
        self.clock = Clock()
        self._lock = threading.RLock()
        self._sequence = 0
        self._thread = threading.local()

    @property
    def operations(self):
        """What this thread's request has done so far."""
        return self._thread.operations

    def begin_request(self):
        self._thread.operations = []

    @contextmanager
    def alone(self, what):
        """Inside, no other thread reaches the cache: order and number are the same."""
        with self._lock, self.also(what) as operation:
            # For an operation that needs no time at all.
            self.clock.time()
            yield operation
            self._number(operation)
            operation.at = self.clock.told

    @contextmanager
    def beside_others(self, what):
        """For a service that many workers ask at once, and that has an order of its own."""
        with self.also(what) as operation:
            with self._lock:
                self._number(operation)
            operation.at = time.time()
            yield operation

    @contextmanager
    def also(self, what):
        """Something that takes time, like the database."""
        operation = Operation(what)
        started = time.perf_counter()
        try:
            yield operation
        finally:
            operation.seconds = time.perf_counter() - started
            getattr(self._thread, "operations", []).append(operation)

    def _number(self, operation):
        self._sequence += 1
        operation.sequence = self._sequence


class Tally:
    """Counts that several threads may raise."""

    def __init__(self):
        self._lock = threading.Lock()
        self._counts = Counter()

    def add(self, name, by=1):
        with self._lock:
            self._counts[name] += by

    def __getitem__(self, name):
        return self._counts[name]


journal = Journal()
tally = Tally()
