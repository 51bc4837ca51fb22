"""What a window sees of a job in the background."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
import solara
from solara.server.kernel_context import PageStatus

from analysis.app import below
from analysis.app.below import Look, use_job
from analysis.app.job import Job

PATIENT = 20.0  # seconds


class FinishesWhileTheWindowIsDrawn(Job[str]):
    """A job that is found running when it is asked about first, and finished right afterwards."""

    def __init__(self) -> None:
        super().__init__(lambda goes_on: None)
        self.looks = 0

    @property
    def finished(self) -> bool:
        self.looks += 1
        if self.looks > 1:
            self.found = "what the runs came to"
        return self.looks > 1


def test_a_job_that_finishes_while_the_window_is_drawn_is_shown_by_every_part_of_it() -> None:
    job = FinishesWhileTheWindowIsDrawn()
    drawn: list[str | None] = []

    @solara.component
    def Window() -> None:  # noqa: N802 - Solara's convention
        Part(use_job("one", lambda: job, lambda: job))

    @solara.component
    def Part(look: Look[str]) -> None:  # noqa: N802
        drawn.append(look.found)
        solara.Text(str(look.found))

    _, context = solara.render(Window(), handle_error=False)
    until = time.monotonic() + PATIENT
    while drawn[-1] is None and time.monotonic() < until:
        time.sleep(0.05)
    context.close()
    assert drawn[0] is None
    assert drawn[-1] == "what the runs came to"


def test_a_job_is_not_asked_for_while_its_tab_is_gone_and_is_again_when_it_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[float] = []
    job: Job[str] = Job(lambda goes_on: None)

    def ask() -> Job[str]:
        asked.append(time.monotonic())
        return job

    @solara.component
    def Window() -> None:  # noqa: N802
        solara.Text(str(use_job("gone", ask, lambda: job).done))

    def asked_within(seconds: float) -> int:
        before = len(asked)
        until = time.monotonic() + seconds
        while time.monotonic() < until and len(asked) == before:
            time.sleep(0.05)
        return len(asked) - before

    tabs = {"tab": PageStatus.CONNECTED}
    monkeypatch.setattr(below, "get_current_context", lambda: SimpleNamespace(page_status=tabs))
    _, context = solara.render(Window(), handle_error=False)
    assert asked_within(PATIENT)
    tabs["tab"] = PageStatus.DISCONNECTED
    time.sleep(1.0)  # one look may be under way
    assert not asked_within(2.0)
    tabs["tab"] = PageStatus.CONNECTED
    assert asked_within(PATIENT)
    context.close()
