"""CPU per event, latency and sustained rate under load from blast."""

import time
from typing import Dict, List, Optional

from . import linux
from .blast import Blast
from .contestants import Contestant, Job, Running
from .failures import MeasurementFailed
from .sets import Load
from .usage import Allocation, Cpu
from .workplace import Workplace

# A phase kept up when all came, at most so much later than planned.
_LATE_SECONDS = 0.3
# Events on their way when the last one is sent, as seconds of the rate: more is a queue that grows.
_LAG_SECONDS = 0.1
_STEPS = 4
_STEP_SECONDS = 2.0

# A shared machine holds up one step in three for long enough.
_TRIES = 3
# All of a step is encoded before: where many events come, less time does.
_STEP_EVENTS = 80_000
_NEAR_ENOUGH = 1.08
# Contestants that leave long queues behind take long for a step.
_SEARCH_SECONDS = 30
_WARM_SECONDS = 3
_ALLOCATION_TRIES = 3
# The part of a core that compilers use at the end of a warm-up.
_JIT_QUIET = 0.04


def measure(
    place: Workplace, events: str, java_home: str, contestant: Contestant, compress: str, shards: int, load: Load
) -> dict:
    """One fresh start of a contestant, and all phases. What fails is in the result as `failed`."""
    result: dict = {"contestant": contestant.name, "compress": compress, "shards": shards, "phases": []}
    name = f"{contestant.name} {compress}" + (f" {shards} shards" if shards != load.shards else "")
    blast: Optional[Blast] = None
    running: Optional[Running] = None
    try:
        blast = Blast(place, events, shards)
        job = Job(blast.api, blast.bot, shards, compress, place.state_dir())
        running = Running(place, contestant, job)
        result["command"] = running.shown
        _wait(blast, running, shards)
        _Measured(place, name, blast, running, java_home, load, result).all()
    except (MeasurementFailed, ValueError, KeyError) as error:
        result["failed"] = str(error)
        place.say(f"{name}: failed: {error}")
    finally:
        if running is not None:
            running.stop()
        if blast is not None:
            place.children.stop(blast.child)
    return result


def _wait(blast: Blast, running: Running, shards: int) -> None:
    patience = 30 + shards / 50
    waited = 0.0
    while True:
        try:
            blast.wait(shards, 2)
            return
        except MeasurementFailed as error:
            running.child.check()
            waited += 2
            if waited >= patience:
                raise MeasurementFailed(f"{error}{running.child.why()}") from None


class _Measured:
    """The phases of one start, in their order."""

    def __init__(
        self,
        place: Workplace,
        name: str,
        blast: Blast,
        running: Running,
        java_home: str,
        load: Load,
        result: dict,
    ):
        self._place = place
        self._name = name
        self._blast = blast
        self._running = running
        self._java_home = java_home
        self._load = load
        self._result = result
        # Rates from here on are out of its reach.
        self._out_of_reach = float("inf")

    def all(self) -> None:
        self._warm_up()
        for repeat in range(self._load.repeats):
            for rate in self._load.rates:
                self._paced(rate, repeat)
            if self._load.burst:
                self._phase({"kind": "burst", "repeat": repeat}, lambda: self._blast.burst(self._load.burst))
        if self._load.sustain:
            self._sustain()
        if self._load.allocation and self._running.contestant.own:
            self._allocation()
        self._result["memory"] = {
            role: linux.total_memory(pids)._asdict() for role, pids in self._running.processes().items()
        }

    def _warm_up(self) -> None:
        """At the live rate, until the compilers have calmed down."""
        contestant = self._running.contestant
        rounds = self._load.warm_rounds if contestant.jvm else 1
        for number in range(rounds):
            cpu = Cpu(self._running)
            answer = self._blast.run(contestant.warm_rate, _WARM_SECONDS)
            busy = cpu.spent(0)["jit"] / max(answer["seconds"], 0.1)
            self._drain(answer)
            self._result["warmUp"] = {"rounds": number + 1, "jitBusyAtEnd": busy}
            if number == 0 and self._load.burst:
                # A burst takes other paths than a quiet stream; the compilers have the rest of the rounds for them.
                self._drain(self._blast.burst(min(10_000, self._load.burst)))
            elif number > 0 and busy < _JIT_QUIET:
                break

    def _paced(self, rate: int, repeat: int) -> None:
        if rate >= self._out_of_reach:
            return
        if not self._keeps_up(rate, repeat):
            # One stall of the machine is no verdict: only who fails twice can't.
            first = self._result["phases"][-1]
            if self._keeps_up(rate, repeat):
                first["disturbed"] = True
            else:
                self._out_of_reach = rate

    def _keeps_up(self, rate: int, repeat: int) -> bool:
        seconds = self._load.seconds(rate)
        phase = self._phase({"kind": "run", "rate": rate, "repeat": repeat}, lambda: self._blast.run(rate, seconds))
        phase["keptUp"] = kept_up(phase, seconds)
        return phase["keptUp"]

    def _phase(self, phase: dict, run) -> dict:
        cpu = Cpu(self._running)
        answer = run()
        late = self._drain(answer)
        spent = cpu.spent()
        phase.update(answer)
        phase["late"] = late
        if answer["disconnects"]:
            raise MeasurementFailed(f"{answer['disconnects']} shards lost their connection in a phase")
        received = answer["received"] + late
        if received == 0:
            raise MeasurementFailed("no event came back" + self._running.child.why())
        phase["cpuSeconds"] = spent
        phase["cpu"] = {role: seconds / received * 1e6 for role, seconds in spent.items()}
        self._result["phases"].append(phase)
        self._place.say(f"{self._name}: {_words(phase)}")
        return phase

    def _drain(self, answer: dict) -> int:
        """Waits for what a phase left behind; how many came then."""
        if not answer["missing"]:
            return 0
        drained = self._blast.drain()
        self._running.child.check()
        if drained.get("missing"):
            raise MeasurementFailed(f"{drained['missing']} events never came back{self._running.child.why()}")
        return drained["received"]

    def _sustain(self) -> None:
        """The greatest rate at which the lag doesn't grow, by halving the space between one that goes and one that doesn't."""
        phases = self._result["phases"]
        good = max([phase["rate"] for phase in phases if phase.get("keptUp")], default=0)
        bursts = [phase["received"] / phase["seconds"] for phase in phases if phase["kind"] == "burst" and phase["seconds"] > 0]
        bad = max(bursts + [self._out_of_reach if self._out_of_reach < float("inf") else 0, good * 1.2]) * 1.05
        good = min(good, bad) or bad / 8
        tries: List[dict] = []
        until = time.monotonic() + _SEARCH_SECONDS
        for _ in range(_STEPS):
            if bad / good < _NEAR_ENOUGH or time.monotonic() > until:
                break
            rate = round((good * bad) ** 0.5, -2)
            if any(self._goes(rate, tries) for _ in range(_TRIES)):
                good = rate
            else:
                bad = rate
        self._result["sustained"] = {"rate": good, "failedAt": bad, "tries": tries}
        self._place.say(f"{self._name}: sustains {good:,.0f}/s, not {bad:,.0f}/s")

    def _goes(self, rate: float, tries: List[dict]) -> bool:
        seconds = max(0.7, min(_STEP_SECONDS, _STEP_EVENTS / rate))
        answer = self._blast.sustain(rate, seconds)
        self._drain(answer)
        goes = not lags(answer, rate, seconds)
        tries.append({"rate": rate, "keptUp": goes, **answer})
        return goes

    def _allocation(self) -> None:
        self._result["allocation"] = []
        for rate in self._load.allocation:
            for _ in range(_ALLOCATION_TRIES):
                allocation = Allocation(self._java_home, self._running)
                answer = self._blast.run(rate, 4 if rate < 10_000 else 2)
                received = answer["received"] + self._drain(answer)
                counted = allocation.allocated()
                if all(of["exact"] for of in counted.values()):
                    break
            per_event: Dict[str, float] = {role: of["bytes"] / received for role, of in counted.items()}
            self._result["allocation"].append({"rate": rate, "events": received, "bytes": per_event, "counted": counted})
            words = ", ".join(f"{role} {value:,.0f}" for role, value in per_event.items())
            self._place.say(f"{self._name}: allocates at {rate:,}/s, bytes per event: {words}")


def kept_up(phase: dict, seconds: float) -> bool:
    """All came, and hardly later than it was sent by plan."""
    return phase["missing"] == 0 and phase["seconds"] <= seconds * 1.02 + _LATE_SECONDS


def lags(answer: dict, rate: float, seconds: float) -> bool:
    """Whether a queue grew: at the client, or already at the sockets that took no more."""
    return not kept_up(answer, seconds) or answer["lagEnd"] > max(100, rate * _LAG_SECONDS)


def _words(phase: dict) -> str:
    cpu = phase["cpu"]
    roles = [role for role in cpu if role not in ("jit", "total")]
    parts = ", ".join(f"{role} {cpu[role]:.1f}" for role in roles) if len(roles) > 1 else ""
    jit = f", JIT apart {cpu['jit']:.1f}" if cpu["jit"] >= 0.05 else ""
    what = "burst" if phase["kind"] == "burst" else f"{phase['rate']:,}/s"
    text = f"{what}: {cpu['total']:.1f} us/event{' (' + parts + jit + ')' if parts else jit}"
    if phase["kind"] == "burst":
        return text + f", {phase['received'] / max(phase['seconds'], 1e-9):,.0f} events/s"
    text += f", p50 {phase['p50'] / 1000:.2f} p99 {phase['p99'] / 1000:.2f} p99.9 {phase['p999'] / 1000:.2f} ms"
    return text if kept_up(phase, phase["sent"] / phase["rate"]) else text + ", DOES NOT KEEP UP"
