"""A real SLURM of one node on this machine, from Debian's slurmctld, slurmd and munge."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from experiments.provenance import cores, machine

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue")
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
_START_SECONDS = 60.0
_SETTINGS = """\
ClusterName=forestall
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory} State=UNKNOWN
PartitionName=debug Nodes=ALL Default=YES MaxTime=60 State=UP
"""


def is_installed() -> bool:
    """Return whether this machine has what it takes, and this process may start it."""
    return os.geteuid() == 0 and all(shutil.which(name, path=_PATH) for name in PROGRAMS)


@contextmanager
def running_slurm() -> Iterator[dict[str, str]]:
    """Start the three daemons, give the environment in which their commands work, and end them."""
    with ExitStack() as opened:
        # Short, because the name of a socket has 108 bytes.
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="slurm-")))
        folder.chmod(0o755)
        for part in ("state", "spool"):
            (folder / part).mkdir()
        settings = _SETTINGS.format(
            folder=folder, host=socket.gethostname().split(".")[0], cores=cores(),
            memory=int(0.9 * machine()["memory"] / 2**20),
            controller_port=_free_port(), node_port=_free_port(),
        )  # fmt: skip
        (folder / "slurm.conf").write_text(settings)
        key = folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        environment = {"SLURM_CONF": str(folder / "slurm.conf"), "PATH": _PATH}
        munge = [f"--{name}={folder}/munge.{name.split('-')[0]}" for name in
                 ("key-file", "socket", "pid-file", "log-file", "seed-file")]  # fmt: skip
        for command in (["munged", "--foreground", "--force", *munge], ["slurmctld", "-D", "-c"],
                        ["slurmd", "-D"]):  # fmt: skip
            opened.callback(_end, _start(command, environment))
            time.sleep(1.0)
        _wait_until_idle(environment)
        yield environment


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, env={**os.environ, **environment},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _end(daemon: subprocess.Popen[bytes]) -> None:
    daemon.terminate()
    try:
        daemon.wait(timeout=20)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


def _wait_until_idle(environment: dict[str, str]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        answer = subprocess.run(
            ["sinfo", "--noheader", "--format=%T"],
            capture_output=True, text=True, check=False, env={**os.environ, **environment},
        )  # fmt: skip
        if answer.stdout.strip() == "idle":
            return
        time.sleep(0.3)
    raise TimeoutError(f"SLURM did not start: {answer.stdout} {answer.stderr}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
