"""``forestall app``: the page to teach with, served on this machine."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from experiments.command import DONE, OneLineParser, run_command
from sim.errors import ForestallError, bad_value, unknown_name

HOST, PORT = "127.0.0.1", 8765
_HELP = """\
Serve the page to teach with: two worlds of one country on the same random numbers, side by side and
week by week, what two hundred courses of chance say of them, and the four lessons as a guided walk.

  forestall app                    the open page
  forestall app timely             the first lesson; the others are priority, unity and national
  forestall app --port 9000 --no-browser
  forestall app --scenarios DIR    your own countries, too (DIR/country/mine.yaml)

It needs the extra [app] (pip install 'forestall[app]') and no network: neither the page nor the server
asks anybody for anything. It is bound to this machine alone unless --host says otherwise; whoever
reaches another host can use the page, and with it this machine's processor. Ctrl-C ends it.
"""


def main(argv: Sequence[str]) -> int:
    """Serve the page until interrupted; exit code as in `experiments.command`."""
    asked = _parser().parse_args(list(argv))
    if not 0 <= asked.port <= 65_535:
        raise bad_value("--port", asked.port, "between 0 (any free one) and 65535")
    from analysis.app.offered import STAND_INS, offer
    from analysis.app.pair import configuration
    from analysis.app.server import LOCAL, serve
    from analysis.app.shown import LESSONS
    from experiments.designs import scenario_of
    from experiments.terminal import notice

    if asked.lesson and asked.lesson not in LESSONS:
        raise unknown_name("lesson", asked.lesson, LESSONS)

    own = offer(asked.scenarios)
    for name in own.own_countries:
        try:
            scenario_of(configuration(own.overrides(name)))
        except ForestallError as mistake:
            raise ForestallError(f"country {name}: {mistake}") from None
        if name in own.without_actors:
            notice(f"{name} has no file in actors/: the made-up {STAND_INS} actors act there")

    def ready(address: str) -> None:
        page = f"{address}?lesson={asked.lesson}" if asked.lesson else address
        print(f"The page is at {page} (Ctrl-C ends it)", flush=True)
        if asked.host not in LOCAL:
            print("It is open to everybody who reaches this machine.", flush=True)
        if not asked.no_browser and sys.stdout.isatty():
            webbrowser.open(page)

    try:
        serve(host=asked.host, port=asked.port, ready=ready)
    except KeyboardInterrupt:
        # The way it ends: nobody waits for runs that no window asks for any more.
        sys.stdout.flush()
        os._exit(DONE)
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall app", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("lesson", nargs="?", default="", metavar="LESSON", help="see above")
    parser.add_argument("--host", default=HOST, help=f"address to bind to (default {HOST})")
    parser.add_argument("--port", type=int, default=PORT, help=f"0 for any (default {PORT})")
    parser.add_argument("--scenarios", type=Path, metavar="DIR", help="a folder of your own files")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall app"))
