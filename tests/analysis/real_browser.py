"""One server of the page, and windows of a real browser that looks at it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import chromium
import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

PATIENCE = 60_000  # milliseconds; a machine that runs other tests beside these is slow

expect.set_options(timeout=PATIENCE)


@dataclass
class Window:
    """A page of the browser, what it said on its console, and what it asked of others."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    abroad: list[str] = field(default_factory=list)

    def open(self, address: str, *, until: str = ".world.second svg") -> Page:
        """Open an address and wait until something is drawn."""
        self.page.goto(address)
        self.page.wait_for_selector(until)
        return self.page

    def clean(self) -> None:
        """Fail if the console holds an error or a request left the machine."""
        assert self.complaints == []
        assert self.abroad == []


@contextlib.contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """Serve the page from a process of its own and yield its address; it may not have complained."""
    command = [sys.executable, "-m", "experiments.app", "--port", "0", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("The page is at "), line + process.stderr.read()
            yield line.split()[4]
        finally:
            process.terminate()
            _, said = process.communicate(timeout=30)
    assert "Traceback" not in said, said
    assert "Error" not in said, said


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Return where the page is served."""
    with serving() as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a browser that fetches nothing of its own."""
    with chromium.running() as found:
        yield found


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., Window]]:
    """Return a function that opens a new window; only requests to this machine leave it."""
    with contextlib.ExitStack() as closing:

        def make(**settings: Any) -> Window:
            settings.setdefault("viewport", {"width": 1280, "height": 800})
            context = browser.new_context(**settings)
            closing.callback(context.close)
            context.set_default_timeout(PATIENCE)
            made = Window(context.new_page())

            def look(route: Route, request: Request) -> None:
                if request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
                    route.continue_()
                else:
                    made.abroad.append(request.url)
                    route.abort()

            context.route("**/*", look)
            made.page.on(
                "console",
                lambda said: made.complaints.append(said.text) if said.type == "error" else None,
            )
            made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
            return made

        yield make
