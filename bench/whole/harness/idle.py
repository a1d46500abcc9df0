"""Memory and idle CPU of gw without events, beside the strict fake Discord."""

import time
from dataclasses import replace
from typing import Optional, Tuple

from . import linux
from .contestants import GW, Job, Running, gw_command
from .fakediscord import Sim
from .failures import MeasurementFailed
from .usage import Cpu
from .workplace import Workplace

# Identifying is not what is measured here: it may go fast.
_WINDOW = "50ms"
_INTERVAL = "60ms"
_BUCKETS = 128


class Quiet:
    """gw with idle shards, ready and at rest; a context manager."""

    def __init__(self, place: Workplace, shards: int, workers: int, settle: float, rate: float = 0):
        self._place = place
        self._shards = shards
        self._settle = settle
        self._running: Optional[Running] = None
        self.sim = Sim(place, shards, _BUCKETS, _WINDOW, rate)
        try:
            self.running = self._running = start_gw(
                place, self.sim, self.sim.bot, shards, workers, ("--identify-interval", _INTERVAL)
            )
        except MeasurementFailed:
            self.__exit__()
            raise

    def __enter__(self) -> "Quiet":
        try:
            self.sim.wait_identified(self._shards, 40 + self._shards / 40)
            time.sleep(self._settle)
            self.running.child.check()
            return self
        except MeasurementFailed as error:
            why = self.running.child.why()
            self.__exit__()
            raise MeasurementFailed(f"{error}{why}") from None

    def __exit__(self, *_) -> None:
        if self._running is not None:
            self._running.stop()
        self._place.children.stop(self.sim.child)


def start_gw(place: Workplace, sim: Sim, bot: str, shards: int, workers: int, more: Tuple[str, ...] = ()) -> Running:
    """gw as it is, with the sim's token and more options."""
    against = replace(GW, command=lambda place, job: gw_command(place, job, more, sim.token))
    return Running(place, against, Job(sim.api + "/v10", bot, shards, "zlib-stream", place.state_dir(), workers))


def memory(place: Workplace, shards: int, workers: int, settle: float, idle_seconds: float = 0) -> dict:
    """RSS, PSS and anonymous memory in KiB of the supervisor and of the workers; with `idle_seconds` also the CPU at rest."""
    result: dict = {"shards": shards, "workers": workers}
    try:
        with Quiet(place, shards, workers, settle) as quiet:
            result["command"] = quiet.running.shown
            if idle_seconds:
                result["idle"] = _idle(quiet, idle_seconds)
            processes = quiet.running.processes()
            found = len(processes["worker"])
            if found != workers:
                raise MeasurementFailed(f"{found} workers, expected {workers}")
            for role, pids in processes.items():
                result[role] = linux.total_memory(pids)._asdict()
                result[role]["threads"] = sum(linux.threads(pid) for pid in pids)
                result[role]["aot"] = all(linux.maps(pid, ".aot") for pid in pids)
            violations = quiet.sim.stats()["violations"]
            if violations:
                result["violations"] = violations
        place.say(
            f"memory, {shards:,} idle shards in {workers} worker{'s' if workers > 1 else ''}: "
            + ", ".join(f"{role} {result[role]['rss'] / 1024:.0f} MiB" for role in ("supervisor", "worker"))
        )
    except MeasurementFailed as error:
        result["failed"] = str(error)
        place.say(f"memory, {shards} shards: failed: {error}")
    return result


def _idle(quiet: Quiet, seconds: float) -> dict:
    """Parts of a core; compiler threads apart: what they do after a start ends by itself."""
    cpu, began = Cpu(quiet.running), time.monotonic()
    time.sleep(seconds)
    spent, took = cpu.spent(0), time.monotonic() - began
    return {**{role: value / took for role, value in spent.items()}, "seconds": took}
