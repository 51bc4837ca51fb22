"""What all tests share: of a test with many cases some run at once, and all with the long suite."""

from __future__ import annotations

import os
from collections import Counter

import pytest

# Products of whole numbers wrap around where Python plays the ensemble (NUMBA_DISABLE_JIT=1): compiled
# code does so without a word, NumPy warns.
_WRAPS_AROUND = pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave all cases but the first, and every so manieth after it, to the long suite.

    The number is that of ``@pytest.mark.one_in(number)``: each case holds the same rule, and a rule
    that is broken as a whole is noticed by any of them.
    """
    seen: Counter[str] = Counter()
    interpreted = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
    for item in items:
        if interpreted:
            item.add_marker(_WRAPS_AROUND)
        mark = item.get_closest_marker("one_in")
        if mark is None:
            continue
        test = item.nodeid.partition("[")[0]
        if seen[test] % mark.args[0]:
            item.add_marker(pytest.mark.long)
        seen[test] += 1
