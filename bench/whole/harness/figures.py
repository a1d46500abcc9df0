"""Looks figures up in a run's results: medians over repeats, with their spread."""

import statistics
from typing import Iterable, List, NamedTuple, Optional

from .contestants import PEERS


class Figure(NamedTuple):
    """The median, the least and the greatest of some repeats."""

    median: float
    low: float
    high: float
    count: int = 1


def figure(values: Iterable[float]) -> Optional[Figure]:
    """None: there are no values."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    return Figure(statistics.median(known), min(known), max(known), len(known))


def ratio(of: Optional[Figure], to: Optional[Figure]) -> Optional[Figure]:
    """Of the medians; its spread is what the extremes of both allow. None: one of them is not known, or the second is 0."""
    if of is None or to is None or to.low <= 0:
        return None
    return Figure(of.median / to.median, of.low / to.high, of.high / to.low, min(of.count, to.count))


class Figures:
    """Of one run's results (the object that is written as JSON)."""

    def __init__(self, results: dict):
        self.results = results
        self.shards = results.get("shards", 0)

    def runs(self, contestant: str, compress: str, shards: Optional[int] = None) -> List[dict]:
        wanted = self.shards if shards is None else shards
        return [
            run
            for run in self.results.get("load", [])
            if run["contestant"] == contestant and run["compress"] == compress and run["shards"] == wanted
        ]

    def contestants(self) -> List[str]:
        """In the order in which they were measured."""
        return list(dict.fromkeys(run["contestant"] for run in self.results.get("load", [])))

    def failure(self, contestant: str, compress: str) -> Optional[str]:
        """Why there is nothing, or not all, of it."""
        reasons = [run["failed"] for run in self.runs(contestant, compress) if run.get("failed")]
        return reasons[0] if reasons else None

    def phases(self, contestant: str, compress: str, rate: Optional[int], shards: Optional[int] = None) -> List[dict]:
        """`rate` None: bursts. Without what the machine spoiled."""
        return [
            phase
            for run in self.runs(contestant, compress, shards)
            for phase in run["phases"]
            if not phase.get("disturbed")
            if (phase["kind"] == "burst") == (rate is None) and (rate is None or phase["rate"] == rate)
        ]

    def out_of_reach(self, contestant: str, rate: int, compress: str = "zlib-stream") -> bool:
        """Whether it was tried and didn't keep up, at this rate or a lower one (the higher ones are left out then)."""
        return any(
            phase["kind"] == "run" and phase["rate"] <= rate and not phase["keptUp"] and not phase.get("disturbed")
            for run in self.runs(contestant, compress)
            for phase in run["phases"]
        )

    def cpu(
        self,
        contestant: str,
        rate: Optional[int],
        role: str = "total",
        compress: str = "zlib-stream",
        shards: Optional[int] = None,
    ) -> Optional[Figure]:
        """Microseconds per event, compiler threads of JVMs left out; at a rate only where it kept up."""
        phases = self.phases(contestant, compress, rate, shards)
        return figure(phase["cpu"].get(role) for phase in phases if phase.get("keptUp", True))

    def latency(
        self,
        contestant: str,
        rate: int,
        quantile: str,
        compress: str = "zlib-stream",
        shards: Optional[int] = None,
    ) -> Optional[Figure]:
        """Microseconds; only where it kept up: elsewhere it says no more than how long the phase was."""
        phases = self.phases(contestant, compress, rate, shards)
        return figure(phase[quantile] for phase in phases if phase.get("keptUp"))

    def sustained(self, contestant: str, compress: str = "zlib-stream") -> Optional[Figure]:
        return figure(
            run["sustained"]["rate"] for run in self.runs(contestant, compress) if "sustained" in run
        )

    def best_peer(self, look, most: bool = False) -> Optional[str]:
        """The peer whose figure, as `look(name)` finds it, is the least (or the greatest)."""
        known = [(found.median, name) for name in PEERS for found in [look(name)] if found is not None]
        if not known:
            return None
        return (max if most else min)(known)[1]

    def allocation(self, role: str) -> List[dict]:
        return [
            {"rate": one["rate"], "bytes": one["bytes"][role], "exact": one.get("counted", {}).get(role, {}).get("exact", True)}
            for run in self.runs("gw", "zlib-stream")
            for one in run.get("allocation", [])
        ]

    def memory(self, shards: int, workers: int = 1) -> Optional[dict]:
        for one in self.results.get("memory", []):
            if one["shards"] == shards and one["workers"] == workers and "failed" not in one:
                return one
        return None

    def total_rss(self, shards: int) -> Optional[float]:
        """MiB of supervisor and worker."""
        one = self.memory(shards)
        return None if one is None else (one["supervisor"]["rss"] + one["worker"]["rss"]) / 1024
