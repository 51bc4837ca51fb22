"""Why the two runs on the screen came apart: what ``forestall explain`` says of them, for a page."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from analysis.app.pair import pair_of
from analysis.app.shelf import Shelf
from analysis.app.shown import Shown
from experiments.chain_text import chain
from experiments.side_by_side import compare

_TELLING = (
    "the first state that differs", "the first mandate", " order ", "the first difference in deaths",
    "Indirect deaths first differ", "At the horizon", "do not differ", "never reaches direct deaths",
)  # fmt: skip
_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="why")
_ASKED: Shelf[Future[list[str]]] = Shelf(64)


def reasons(shown: Shown) -> Future[list[str]]:
    """Return the chain of sentences from the first difference to the horizon, begun if it is not."""

    def work() -> list[str]:
        pair = pair_of(shown)
        found = compare(pair.first, pair.second, seed=shown.seed, replicate=shown.replicate)
        return chain(found)

    return _ASKED.get(shown.key, lambda: _WORKER.submit(work))


def telling(sentences: list[str]) -> list[str]:
    """Return the sentences that a class reads first: where it begins, decisions, deaths, the end."""
    return [line for line in sentences if any(words in line for words in _TELLING)]
