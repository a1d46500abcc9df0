"""The processes that a run starts, and their end."""

import os
import queue
import signal
import subprocess
import threading
import time
from typing import Dict, List, Optional, Tuple

from . import linux
from .failures import MeasurementFailed


class Child:
    """A started program, leader of a process group of its own. Its standard error goes to a file, its output there or to `line`."""

    def __init__(self, name: str, argv: List[str], environment: Dict[str, str], cwd: str, log: str, speaks: bool):
        self.name = name
        self.argv = argv
        self.log = log
        self._lines: "queue.Queue[Tuple[float, Optional[str]]]" = queue.Queue()
        with open(log, "ab") as out:
            self._process = subprocess.Popen(
                argv,
                cwd=cwd,
                env=environment,
                stdin=subprocess.PIPE if speaks else subprocess.DEVNULL,
                stdout=subprocess.PIPE if speaks else out,
                stderr=out,
                start_new_session=True,
            )
        self.started = time.monotonic()
        self.pid = self._process.pid
        if speaks:
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._process.stdout:
            self._lines.put((time.monotonic(), line.decode("utf-8", "replace").rstrip("\n")))
        self._lines.put((time.monotonic(), None))

    def line(self, timeout: float) -> Tuple[float, str]:
        """The next line of its output, and when it came."""
        try:
            when, text = self._lines.get(timeout=timeout)
        except queue.Empty:
            raise MeasurementFailed(f"{self.name} said nothing for {timeout:.0f} s{self.why()}") from None
        if text is None:
            self._lines.put((when, None))
            raise MeasurementFailed(f"{self.name} ended{self.why()}")
        return when, text

    def lines_so_far(self) -> List[Tuple[float, str]]:
        """All lines that nobody has taken, without waiting."""
        found = []
        while True:
            try:
                when, text = self._lines.get_nowait()
            except queue.Empty:
                return found
            if text is None:
                self._lines.put((when, None))
                return found
            found.append((when, text))

    def say(self, line: str) -> None:
        try:
            self._process.stdin.write((line + "\n").encode())
            self._process.stdin.flush()
        except OSError:
            raise MeasurementFailed(f"{self.name} ended{self.why()}") from None

    def alive(self) -> bool:
        return self._process.poll() is None

    def wait(self, seconds: float) -> Optional[int]:
        """Its exit code; None: it hasn't ended."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def check(self) -> None:
        if not self.alive():
            raise MeasurementFailed(f"{self.name} ended with {self._process.returncode}{self.why()}")

    def why(self) -> str:
        """Its last words, for an error message."""
        tail = self.tail(6)
        return ": " + " | ".join(tail) if tail else ""

    def tail(self, lines: int) -> List[str]:
        try:
            with open(self.log, encoding="utf-8", errors="replace") as file:
                return [line.strip()[:300] for line in file.readlines() if line.strip()][-lines:]
        except OSError:
            return []

    def stop(self, grace: float = 8.0) -> None:
        """Asks its group to end, and kills what is left of it. Nothing of it lives afterwards."""
        if self.alive():
            self._signal(signal.SIGTERM)
            try:
                self._process.wait(grace)
            except subprocess.TimeoutExpired:
                pass
        # What the leader started is in the same group: gw's workers survive their supervisor by design.
        deadline = time.monotonic() + 2
        while linux.group_members(self.pid) and time.monotonic() < deadline:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except OSError:
                break
            time.sleep(0.02)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            pass
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:
                continue

    def _signal(self, number: int) -> None:
        try:
            os.kill(self.pid, number)
        except OSError:
            return


class Children:
    """All of them, so that none outlives the run."""

    def __init__(self, directory: str):
        self._directory = directory
        self._living: List[Child] = []
        self._count = 0

    def start(
        self,
        name: str,
        argv: List[str],
        environment: Optional[Dict[str, str]] = None,
        cwd: Optional[str] = None,
        speaks: bool = False,
    ) -> Child:
        """`environment` is added to this process's own; `speaks`: its standard streams are pipes to it."""
        self._count += 1
        log = os.path.join(self._directory, f"{self._count:03d}-{name}.log")
        merged = dict(os.environ)
        merged.update(environment or {})
        try:
            child = Child(name, argv, merged, cwd or self._directory, log, speaks)
        except OSError as error:
            raise MeasurementFailed(f"{name} can't be started: {error}") from None
        self._living.append(child)
        return child

    def stop(self, *children: Optional[Child]) -> None:
        for child in children:
            if child is not None:
                child.stop()
                if child in self._living:
                    self._living.remove(child)

    def stop_all(self) -> None:
        """In reverse order: generators go after those that they feed."""
        for child in reversed(self._living):
            child.stop(grace=3.0)
        self._living.clear()
