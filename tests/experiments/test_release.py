"""What is attached to a release comes out the same twice, with a sum that checks it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

RELEASE = Path(__file__).parents[2] / ".ci" / "release"
SMALL = """\
lesson: H9
title: A title
claim: A claim.
held_equal: everything else
common: [country=gambia_2016, weeks=52]
case: {name: early, overrides: [action.start=0]}
opposite: {name: late, overrides: [action.start=20]}
expects: fewer_deaths
question: Why?
look_at: [deaths]
"""
# Answers to the question for a version, and otherwise writes a page that is never the same.
CARELESS = """\
#!/bin/sh
case "$1" in -c) echo 0.0;; *) date +%N > "$3"; echo $$ >> "$3";; esac
"""


def release(*arguments: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [RELEASE, *arguments],
        env={**os.environ, "PYTHON": python}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_lesson_page_of_a_release_has_a_sum_and_opens_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "own" / "lesson").mkdir(parents=True)
    (tmp_path / "own" / "lesson" / "small.yaml").write_text(SMALL)
    asked = ("--lesson", "small", "--replicates", "2", "--scenarios", str(tmp_path / "own"))
    done = release(str(tmp_path / "out"), *asked)
    assert done.returncode == 0, done.stderr
    (page,) = (tmp_path / "out").glob("*.html")
    digest = hashlib.sha256(page.read_bytes()).hexdigest()
    assert (tmp_path / "out" / "SHA256SUMS").read_text() == f"{digest}  {page.name}\n"
    assert f"{page.stat().st_size} bytes" in done.stdout
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_page_that_comes_out_different_twice_is_not_released(tmp_path: Path) -> None:
    careless = tmp_path / "careless"
    careless.write_text(CARELESS)
    careless.chmod(0o755)
    done = release(str(tmp_path / "out"), python=str(careless))
    assert done.returncode == 1
    assert "came out different" in done.stderr
    assert not (tmp_path / "out" / "SHA256SUMS").exists()
