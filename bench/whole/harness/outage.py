"""A bot that is away while events come, and comes back: what the backlog takes on the disk, and how fast it is worked off."""

import json
import time
from typing import List, Optional, Tuple

from . import linux
from .blast import Blast
from .contestants import GW, Job, Running
from .failures import MeasurementFailed
from .usage import Cpu
from .workplace import Workplace

_WARM_UP = 5_000
_WATCH = "0.2"


def measure(place: Workplace, events_file: str, events: int, compress: str, shards: int) -> dict:
    """`rate`: events a second from the first one that was delivered to the last; gw's tries before are `waited` seconds.

    `receiverLimit`: what blast's receiver could take with a core for itself, from the CPU that it used meanwhile.
    """
    result: dict = {"events": events, "compress": compress, "shards": shards}
    blast: Optional[Blast] = None
    running: Optional[Running] = None
    watch = None
    try:
        blast = Blast(place, events_file, shards)
        running = Running(place, GW, Job(blast.api, blast.bot, shards, compress, place.state_dir()))
        result["command"] = running.shown
        blast.wait(shards, 60)
        for _ in range(2):
            blast.run(_WARM_UP, 3)
        blast.burst(10_000)
        blast.drain()
        log = running.job.state_dir
        held, long = linux.disk_bytes(log), linux.file_bytes(log)
        blast.down()
        blast.run(2_000, 0.5)
        sent = blast.burst(events)
        if sent["missing"] < events:
            raise MeasurementFailed(f"{events - sent['missing']} events came to a bot that was away")
        watch = place.children.start(
            "watch",
            [place.gw, "status", "--json", f"--watch={_WATCH}", "--state-dir", running.job.state_dir],
            {"GW_NO_BUILD": "1"},
            speaks=True,
        )
        queued = _queued(watch, events)
        result["queued"] = queued
        result["diskBytesPerEvent"] = (linux.disk_bytes(log) - held) / queued
        result["fileBytesPerEvent"] = (linux.file_bytes(log) - long) / queued
        watch.lines_so_far()
        cpu = Cpu(running)
        receiver = linux.cpu_seconds(blast.pid)
        blast.up()
        drained = blast.drain()
        if drained.get("missing"):
            raise MeasurementFailed(f"{drained['missing']} of {queued} events never came back")
        time.sleep(0.5)
        spent = cpu.spent(0)
        receiver = linux.cpu_seconds(blast.pid) - receiver
        result["receiverLimit"] = drained["received"] / receiver
        result["cpu"] = {role: seconds / drained["received"] * 1e6 for role, seconds in spent.items()}
        result.update(_speed(watch.lines_so_far(), drained))
        place.say(
            f"outage: {queued:,} events waited, {result['diskBytesPerEvent']:,.0f} bytes each on the disk;"
            f" worked off at {result['rate']:,.0f}/s, {result['cpu']['total']:.1f} us/event"
        )
    except (MeasurementFailed, ValueError, KeyError) as error:
        result["failed"] = str(error)
        place.say(f"outage: failed: {error}")
    finally:
        place.children.stop(watch)
        if running is not None:
            running.stop()
        if blast is not None:
            place.children.stop(blast.child)
    return result


def _queued(watch, at_least: int) -> int:
    """How many events wait, when all that were sent are there."""
    deadline = time.monotonic() + 30
    before = -1
    while time.monotonic() < deadline:
        _, line = watch.line(20)
        queued = json.loads(line)["delivery"]["queuedEvents"]
        if queued >= at_least and queued == before:
            return queued
        before = queued
    raise MeasurementFailed(f"{before} events wait, expected at least {at_least}")


def _speed(lines: List[Tuple[float, str]], drained: dict) -> dict:
    """From the status lines, because gw looks only now and then whether the bot is back, and that wait is no working off."""
    samples = []
    for _, line in lines:
        status = json.loads(line)
        samples.append((status["supervisor"]["nowMs"] / 1000, status["delivery"]["delivered"]))
    whole = drained["received"] / max(drained["seconds"], 1e-9)
    result = {"received": drained["received"], "seconds": drained["seconds"], "rateWithWait": whole}
    moving = [(a, b) for a, b in zip(samples, samples[1:]) if b[1] > a[1]]
    if len(moving) < 2:
        return {**result, "rate": whole, "waited": None}
    # The last step ends somewhere within its sample, and so does the first begin: what lies between is exact.
    inner = moving[1:-1] or moving[1:]
    seconds = inner[-1][1][0] - inner[0][0][0]
    rate = (inner[-1][1][1] - inner[0][0][1]) / seconds
    return {**result, "rate": rate, "waited": max(0.0, drained["seconds"] - drained["received"] / rate)}
