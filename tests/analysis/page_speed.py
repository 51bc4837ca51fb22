"""How fast the page answers, in a real browser: ``python tests/analysis/page_speed.py``.

A country of the asked size is generated, the page is served from a process of its own, and the keys of
five sliders are pressed as a hand would, and seeds are typed. What is timed is the time that somebody
waits, by the browser's own clock: from the key to the two worlds of the new setting, drawn as far as
they have been run, and to all their weeks. The machine should be free.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import chromium
from playwright.sync_api import Browser, Page
from real_browser import PATIENCE, serving

from experiments.cli import main as forestall

SLIDERS = ("start", "dispersion", "replicate", "weeks", "priority", "seed")
OWN = "measured"
_ABROAD = 2  # places of a generated country beyond its border, of the communities asked for

# Sets up `answered`: milliseconds from the key until the first weeks of two new worlds are drawn, and
# until all are. Whether they look different is not asked: a small change may change nothing.
_LISTEN = """(slider, key) => {
  const began = performance.now();
  const passed = () => document.querySelector('.world.second').dataset.passed;
  const before = passed();
  let pressed = null, ran = false, first = null;
  slider.addEventListener('keydown', told => {
    if (told.key === key) pressed = performance.now();
  });
  window.answered = new Promise((resolve, reject) => {
    const look = () => {
      const now = performance.now();
      const running = document.querySelector('.busy.on') !== null;
      ran ||= pressed !== null && running;
      if (ran && first === null && passed() !== before) first = now - pressed;
      if (ran && !running) resolve([first ?? now - pressed, now - pressed]);
      else if (now - began > 30000) reject(new Error('no answer in 30 s'));
      else setTimeout(look, 5);
    };
    look();
  });
}"""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Seconds that a window took.

    Attributes
    ----------
    first : from asking for the page to both worlds drawn.
    moves : from the key to the first weeks of both new worlds, and to all their weeks, by lever.
    """

    first: float
    moves: dict[str, list[tuple[float, float]]]

    @property
    def all(self) -> list[tuple[float, float]]:
        """The moves of all levers."""
        return [one for moves in self.moves.values() for one in moves]


def make_country(folder: Path, communities: int) -> None:
    """Write a country of so many places into a folder of scenario files."""
    (folder / "country").mkdir()
    command = [
        "country", "generate", "--seed", "5", "--neighbours", str(_ABROAD),
        "--communities", str(communities - _ABROAD),
        "--output", str(folder / "country" / f"{OWN}.yaml"),
    ]  # fmt: skip
    if forestall(command) != 0:
        raise SystemExit("no country could be generated")


def answers(browser: Browser, address: str, *, moves: int, rest: float) -> Answers:
    """Open a window, and move every lever so many times.

    Parameters
    ----------
    rest : seconds between two moves.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    began = time.perf_counter()
    page.goto(f"{address}?country={OWN}", wait_until="commit")
    page.wait_for_selector(".world.second svg")
    first = time.perf_counter() - began
    time.sleep(rest)
    found = {name: [move(page, name, rest) for _ in range(moves)] for name in SLIDERS}
    context.close()
    return Answers(first=first, moves=found)


def move(page: Page, name: str, rest: float) -> tuple[float, float]:
    """Move a lever by one step and return the seconds to the first new weeks, and to all."""
    typed = name == "seed"
    inner = "input" if typed else '[role="slider"]'
    lever = page.locator(f'[data-name="{name}"] {inner}')
    if typed:
        lever.fill(str(int(lever.input_value()) + 1))
    key = "Enter" if typed else "ArrowLeft" if name == "weeks" else "ArrowRight"
    lever.evaluate(_LISTEN, key)
    lever.press(key)
    first, all_weeks = page.evaluate("() => window.answered")
    time.sleep(rest)
    return float(first) / 1000, float(all_weeks) / 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--communities", type=int, default=50)
    parser.add_argument("--moves", type=int, default=4, help="of each lever (default 4)")
    parser.add_argument("--rest", type=float, default=2.0, help="seconds between moves (default 2)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium.running() as browser:
        make_country(Path(folder), asked.communities)
        with serving("--scenarios", folder) as address:
            found = answers(browser, address, moves=asked.moves, rest=asked.rest)
    print(
        f"{asked.communities} communities; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    print(f"first picture {found.first:.2f} s")
    for name, moves in {**found.moves, "all": found.all}.items():
        first, whole = zip(*moves, strict=True)
        print(
            f"{name:>10}: median {statistics.median(first):.2f} s, worst {max(first):.2f} s of "
            f"{len(moves)} moves; all weeks {statistics.median(whole):.2f} s, {max(whole):.2f} s"
        )


if __name__ == "__main__":
    main()
