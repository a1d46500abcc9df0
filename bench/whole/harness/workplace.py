"""Where things are, and how a run tells what it does."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from typing import List, Optional

from .children import Children

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__)))))


class Workplace:
    """A run's directory, its processes, its voice. Ends with `close`."""

    def __init__(self, keep: bool = False, gw: Optional[str] = None):
        """`gw`: the launcher of another one than this source tree's."""
        self.root = ROOT
        self.gw_root = os.path.dirname(os.path.dirname(os.path.realpath(gw))) if gw else ROOT
        self.keep = keep
        self.started = time.monotonic()
        self.directory = tempfile.mkdtemp(prefix="gw-bench-")
        self.children = Children(self.directory)
        self._states = 0

    def path(self, *parts: str) -> str:
        """In the source tree."""
        return os.path.join(self.root, *parts)

    @property
    def gw(self) -> str:
        return os.path.join(self.gw_root, "bin", "gw")

    def state_dir(self) -> str:
        """A fresh one, short enough for a Unix socket's path."""
        self._states += 1
        return os.path.join(self.directory, f"st{self._states}")

    def forget(self, directory: str) -> None:
        if not self.keep:
            shutil.rmtree(directory, ignore_errors=True)

    def say(self, text: str) -> None:
        seconds = int(time.monotonic() - self.started)
        print(f"[{seconds // 60:2d}:{seconds % 60:02d}] {text}", file=sys.stderr, flush=True)

    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def close(self) -> None:
        self.children.stop_all()
        if self.keep:
            print(f"bench/run: logs and state are kept in {self.directory}", file=sys.stderr)
        else:
            shutil.rmtree(self.directory, ignore_errors=True)


def output(argv: List[str], cwd: Optional[str] = None, timeout: float = 30) -> str:
    """Of a short program; empty when it can't be had."""
    try:
        done = subprocess.run(
            argv, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip()
