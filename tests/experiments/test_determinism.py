"""One digest wherever a sweep is run; the whole matrix is `determinism.py`."""

from __future__ import annotations

from pathlib import Path

import pytest
from determinism import Surrounding, digest_in

SMALL = ("replicates=3", "weeks=40")
ELSEWHERE = {
    "PYTHONHASHSEED": "4242", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "TZ": "Asia/Kathmandu",
    "NUMBA_NUM_THREADS": "1",
}  # fmt: skip


@pytest.mark.long
def test_hash_seed_language_time_zone_threads_order_and_folder_do_not_change_a_digest(
    tmp_path: Path,
) -> None:
    here = Surrounding("here", SMALL)
    there = Surrounding(
        "there",
        (*SMALL, "executor.workers=1", "executor.batch=5", "action.start=8,0"),
        ELSEWHERE,
        "a folder mit Umlaut ü",
    )
    assert digest_in(here, tmp_path / "here") == digest_in(there, tmp_path / "there")
