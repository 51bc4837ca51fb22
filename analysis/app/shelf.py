"""What was computed, kept for whoever asks next: a room that opens one page computes it once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future


class Shelf[T]:
    """The newest results by key; of several who ask for the same at once, one computes it.

    Parameters
    ----------
    most : results that are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Future[T]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the result of a key, from `make` if it is not there; a failure is not kept."""
        with self._lock:
            found = self._kept.get(key)
            mine = found is None
            if found is None:
                found = self._kept[key] = Future()
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        if mine:
            try:
                found.set_result(make())
            except BaseException as error:
                with self._lock:
                    if self._kept.get(key) is found:
                        del self._kept[key]
                found.set_exception(error)
        return found.result()

    def peek(self, key: Hashable) -> T | None:
        """Return the result of a key if it is there and ready."""
        with self._lock:
            found = self._kept.get(key)
        return found.result() if found is not None and found.done() else None
