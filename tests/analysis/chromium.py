"""A real headless Chromium for tests of pages, which can reach nothing beyond this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# Without them a fresh Chromium looks for updates and sign-ins on the network by itself.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def executable() -> str:
    """Return the path of the system's Chromium; a test that needs it fails where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise AssertionError("no Chromium is installed (Debian's package chromium)")


@contextmanager
def running() -> Iterator[Browser]:
    """Start the browser, and end it with the block."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
