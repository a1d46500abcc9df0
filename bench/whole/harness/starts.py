"""How long gw takes until N shards are ready, against what Discord allows; and from a worker's death to resumed sessions."""

import os
import signal
import time
from typing import Optional

from . import linux
from .contestants import Running
from .failures import MeasurementFailed
from .fakediscord import NotingBot, Sim
from .idle import Quiet, start_gw
from .workplace import Workplace

# Discord's, and what gw does with it by default, is what this is about: nothing is shortened here.
_WINDOW_SECONDS = 5.0
_LOOK_EVERY = 0.002


def floor_seconds(shards: int, max_concurrency: int, window: float = _WINDOW_SECONDS) -> float:
    """From the first IDENTIFY to the last one, when each bucket takes one a window: the first one of each bucket is free."""
    return (-(-shards // max_concurrency) - 1) * window


def ready(place: Workplace, shards: int, max_concurrency: int) -> dict:
    """From the start of `bin/gw start` with an empty state directory to the READY of every shard at the bot."""
    floor = floor_seconds(shards, max_concurrency)
    result: dict = {"shards": shards, "maxConcurrency": max_concurrency, "floor": floor}
    sim: Optional[Sim] = None
    running: Optional[Running] = None
    bot = NotingBot()
    try:
        sim = Sim(place, shards, max_concurrency, f"{_WINDOW_SECONDS:g}s", guilds=shards, bot=False)
        running = start_gw(place, sim, bot.url, shards, 1)
        result["command"] = running.shown
        began = running.child.started
        first, _ = sim.wait("the first IDENTIFY", lambda stats: stats["identifies"] >= 1, 60, _LOOK_EVERY)
        result["identifies"] = steps = []
        sim.wait("the last IDENTIFY", lambda stats: _all_identified(stats, shards, first, steps), floor * 1.5 + 30, 0.02)
        deadline = time.monotonic() + 10
        while len(bot.times("READY")) < shards:
            running.child.check()
            if time.monotonic() > deadline:
                raise MeasurementFailed(f"the bot got READY of {len(bot.times('READY'))} of {shards} shards")
            time.sleep(0.02)
        readies = bot.times("READY").values()
        took = max(readies) - first
        # gw tries one IDENTIFY before it sends the others (a refused token is to cost one session start): its price stands apart.
        trial = next((when for when, count in steps if count > 1), 0.0)
        excess = took - trial - floor
        result.update(
            firstIdentify=first - began,
            firstReady=min(readies) - began,
            allReady=max(readies) - began,
            fromFirstIdentify=took,
            trial=trial,
            excess=excess,
            excessShare=excess / floor if floor else None,
            violations=sim.stats()["violations"],
        )
        place.say(
            f"{shards} shards ready, {max_concurrency} at a time: first IDENTIFY {first - began:.2f} s after the start,"
            f" its trial {trial:.2f} s, all READY {took - trial:.2f} s later (floor {floor:.0f} s)"
            + (f"; RULES BROKEN: {result['violations']}" if result["violations"] else "")
        )
    except MeasurementFailed as error:
        result["failed"] = str(error)
        place.say(f"{shards} shards ready: failed: {error}")
    finally:
        if running is not None:
            running.stop()
        if sim is not None:
            place.children.stop(sim.child)
        bot.close()
    return result


def _all_identified(stats: dict, shards: int, first: float, steps: list) -> bool:
    """Notes how many there were when, in seconds from the first one."""
    if not steps or steps[-1][1] != stats["identifies"]:
        steps.append([round(time.monotonic() - first, 3), stats["identifies"]])
    return stats["identifies"] >= shards


def restarts(place: Workplace, shards: int, kills: int) -> dict:
    """Kills the worker again and again: from the kill to the last RESUME that the fake Discord took, in seconds."""
    result: dict = {"shards": shards, "seconds": [], "reconnected": []}
    try:
        with Quiet(place, shards, 1, 4, rate=100) as quiet:
            identifies = quiet.sim.stats()["identifies"]
            for _ in range(kills):
                _kill(quiet, shards, result)
                time.sleep(3)
            stats = quiet.sim.stats()
            result["identifiesSpent"] = stats["identifies"] - identifies
            if stats["violations"]:
                result["violations"] = stats["violations"]
            if result["identifiesSpent"]:
                raise MeasurementFailed(f"{result['identifiesSpent']} identifies were spent, expected none")
        times = ", ".join(f"{seconds * 1000:.0f}" for seconds in result["seconds"])
        place.say(f"worker killed to {shards} shards resumed: {times} ms, identifies spent: {result['identifiesSpent']}")
    except MeasurementFailed as error:
        result["failed"] = str(error)
        place.say(f"worker killed to resumed: failed: {error}")
    return result


def _kill(quiet: Quiet, shards: int, result: dict) -> None:
    workers = quiet.running.processes()["worker"]
    if len(workers) != 1:
        raise MeasurementFailed(f"{len(workers)} workers, expected 1")
    before = quiet.sim.stats()
    os.kill(workers[0], signal.SIGKILL)
    began = time.monotonic()
    opened, _ = quiet.sim.wait("a new connection", lambda stats: stats["opened"] > before["opened"], 20, _LOOK_EVERY)
    done, _ = quiet.sim.wait(
        f"{shards} shards resumed",
        lambda stats: stats["resumes"] >= before["resumes"] + shards,
        20,
        _LOOK_EVERY,
    )
    result["reconnected"].append(opened - began)
    result["seconds"].append(done - began)


