"""Fixtures of the tests of pages; nothing of them is loaded unless a test asks for it."""

from real_browser import address, browser, window

__all__ = ["address", "browser", "window"]
