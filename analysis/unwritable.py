"""What is raised where a file beside results cannot be written: whoever only reads may go on."""

from __future__ import annotations

from sim.errors import ForestallError


class UnwritableError(ForestallError):
    """A place that cannot be written; `place` and `reason` say which and why."""

    def __init__(self, message: str, *, place: object, reason: str) -> None:
        super().__init__(message)
        self.place, self.reason = str(place), reason
