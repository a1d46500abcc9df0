"""Prepares what a set needs, and goes through its measurements."""

from dataclasses import replace
from typing import Dict, List, NamedTuple

from . import building, idle, linux, loaded, outage, starts
from .contestants import BY_NAME, TITLES, why_not
from .sets import Set
from .workplace import Workplace

# Other programs may use so much of the machine before a figure is no longer worth much.
_BUSY = 0.10
_MAIN = "zlib-stream"
_GROWTH_LOAD = dict(rates=(5_000,), burst=0, sustain=False, allocation=())


class Ready(NamedTuple):
    """`absent`: why a contestant can't take part, by its name."""

    jdk: str
    events: str
    absent: Dict[str, str]
    warnings: List[str]


def prepare(place: Workplace, chosen: Set, under_load: bool) -> Ready:
    jdk = building.java_home(place)
    names = chosen.contestants if "load" in chosen.parts else ()
    absent: Dict[str, str] = {}
    if "jda" in names:
        absent.update(building.jda(place, jdk))
    warnings = building.gw(place, jdk)
    events = ""
    if under_load:
        building.native(place)
        events = building.events(place, jdk)
        absent.update(building.peers(place, names, warnings))
        if "gw-batched" in names:
            absent.update(building.batched(place))
    for name in names:
        reason = why_not(place, BY_NAME[name], absent)
        if reason:
            absent[name] = reason
            place.say(f"{name} does not take part: {reason}")
    return Ready(jdk, events, absent, warnings)


def measure(place: Workplace, chosen: Set, ready: Ready, results: dict) -> None:
    """Puts all figures into `results`, part by part."""
    began = place.elapsed()
    busy = linux.machine_busy(1.0)
    results["busyBefore"] = busy
    if busy > _BUSY:
        warning = f"other programs use {busy * 100:.0f} % of this machine: the figures are for trying only"
        results["warnings"].append(warning)
        place.say("warning: " + warning)
    if "memory" in chosen.parts or "idle" in chosen.parts:
        results["memory"] = _memory(place, chosen)
    if "restart" in chosen.parts:
        results["restart"] = [starts.restarts(place, 25, chosen.restarts) for _ in range(chosen.restart_starts)]
    if "ready" in chosen.parts:
        results["ready"] = [starts.ready(place, shards, buckets) for shards, buckets in chosen.ready]
    if "outage" in chosen.parts:
        wanted = chosen.outage
        results["outage"] = [outage.measure(place, ready.events, wanted.events, wanted.compress, chosen.load.shards)]
    results["load"] = []
    if "load" in chosen.parts:
        _load(place, chosen, ready, results["load"])
    if "growth" in chosen.parts:
        _growth(place, chosen, ready, results["load"])
    results["seconds"] = place.elapsed() - began


def _memory(place: Workplace, chosen: Set) -> List[dict]:
    wanted = list(chosen.memory) if "memory" in chosen.parts else [(chosen.idle_shards, 1)]
    measured = []
    for shards, workers in wanted:
        at_rest = "idle" in chosen.parts and (shards, workers) == (chosen.idle_shards, 1)
        measured.append(idle.memory(place, shards, workers, chosen.settle, chosen.idle_seconds if at_rest else 0))
    return measured


def _load(place: Workplace, chosen: Set, ready: Ready, load: List[dict]) -> None:
    # Contestant after contestant, and all of it again: what changes on the machine meanwhile hits all alike.
    for _ in range(chosen.starts):
        for compress in sorted(chosen.compressions, key=lambda name: name != _MAIN):
            main = compress == _MAIN or _MAIN not in chosen.compressions
            for name in chosen.contestants if main else chosen.narrow_contestants:
                contestant = BY_NAME[name]
                if name not in chosen.contestants or not contestant.can(compress):
                    continue
                if name in ready.absent:
                    if main and not any(run["contestant"] == name for run in load):
                        load.append(_absent(name, compress, chosen, ready.absent[name]))
                    continue
                plan = chosen.load if main else chosen.narrow
                load.append(loaded.measure(place, ready.events, ready.jdk, contestant, compress, plan.shards, plan))


def _absent(name: str, compress: str, chosen: Set, reason: str) -> dict:
    return {
        "contestant": name,
        "compress": compress,
        "shards": chosen.load.shards,
        "phases": [],
        "failed": reason,
        "absent": True,
    }


def _growth(place: Workplace, chosen: Set, ready: Ready, load: List[dict]) -> None:
    plan = replace(chosen.load, **_GROWTH_LOAD)
    for shards in chosen.growth:
        load.append(loaded.measure(place, ready.events, ready.jdk, BY_NAME["gw"], _MAIN, shards, plan))


def own_failures(results: dict) -> List[str]:
    """What failed of gw and of the floor; peers and what this gw has not are no failures of a run."""
    failed = [
        f"{TITLES[run['contestant']]}: {run['failed']}"
        for run in results.get("load", [])
        if run.get("failed") and not run.get("absent") and not BY_NAME[run["contestant"]].peer
    ]
    for part in ("memory", "restart", "ready", "outage"):
        failed += [f"{part}: {one['failed']}" for one in results.get(part, []) if one.get("failed")]
    return failed
