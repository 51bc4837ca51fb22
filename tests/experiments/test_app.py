"""``forestall app``: what it says of a mistake; what it shows is in tests/analysis/test_app_*.py."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

type Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(("arguments", "said"), [
    (["tymely"], "forestall app: lesson: unknown name 'tymely', did you mean 'timely'?"),
    (["--port", "70000"], "--port: 70000 is not allowed, expected between 0 (any free one) and 65535"),
    (["--prot", "1"], "forestall app: unrecognized arguments: --prot"),
])  # fmt: skip
def test_a_mistake_is_one_line(command: Command, arguments: list[str], said: str) -> None:
    done = command("-m", "experiments.cli", "app", *arguments)
    assert done.returncode == 2
    assert said in done.stderr and done.stderr.count("\n") == 1


def test_a_port_in_use_is_one_line(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = command("-m", "experiments.cli", "app", "--port", str(port), "--no-browser")
    assert done.returncode == 2
    assert done.stderr == (
        f"forestall app: --host, --port: 127.0.0.1:{port}: Address already in use\n"
    )


def test_without_its_extra_it_says_what_to_install_and_nothing_of_compiling_before(
    tmp_path: Path,
) -> None:
    source = (
        "import sys; sys.modules['solara'] = None\n"
        "from experiments.cli import main; sys.exit(main(['app', '--no-browser']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False,
        env=os.environ | {"FORESTALL_CACHE": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'forestall[app]'" in done.stderr and done.stderr.count("\n") == 1


def test_who_opens_the_page_to_others_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import analysis.app.server
    from experiments.cli import main

    def serve(*, host: str, port: int, ready: Callable[[str], None]) -> None:
        ready(f"http://{host}:{port}/")

    monkeypatch.setattr(analysis.app.server, "serve", serve)
    for host, warned in (("0.0.0.0", True), ("127.0.0.1", False), ("localhost", False)):
        assert main(["app", "--host", host, "--no-browser"]) == 0
        assert ("open to everybody who reaches" in capsys.readouterr().out) == warned, host
