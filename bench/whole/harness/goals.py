"""What gw is to reach, in one table, and whether a run's figures do."""

from typing import Callable, List, NamedTuple, Optional

from .figures import Figure, Figures, figure, ratio


class Found(NamedTuple):
    """What a run says of a goal: the figure that is compared, and in words what it is made of."""

    value: Figure
    words: str = ""


class Goal(NamedTuple):
    """`limit` is the most that is allowed, or the least where `least`."""

    what: str
    limit: float
    unit: str
    find: Callable[[Figures], Optional[Found]]
    least: bool = False


class Verdict(NamedTuple):
    """`passed` None: the run didn't measure it."""

    goal: Goal
    found: Optional[Found]
    passed: Optional[bool]


# "Flat" and "linear": repeats on a shared machine differ by so much without a reason.
_NOISE = 1.25


def _cpu_to_peer(rate: Optional[int]) -> Callable[[Figures], Optional[Found]]:
    def find(figures: Figures) -> Optional[Found]:
        peer = figures.best_peer(lambda name: figures.cpu(name, rate))
        if peer is None:
            return None
        of, to = figures.cpu("gw", rate), figures.cpu(peer, rate)
        return _ratio_of(of, to, f"{{:.1f}} to {{:.1f}} µs, {peer}")

    return find


def _cpu_to(contestant: str, other: str, rate: Optional[int]) -> Callable[[Figures], Optional[Found]]:
    def find(figures: Figures) -> Optional[Found]:
        return _ratio_of(figures.cpu(contestant, rate), figures.cpu(other, rate), "{:.1f} to {:.1f} µs")

    return find


def _ratio_of(of: Optional[Figure], to: Optional[Figure], words: str) -> Optional[Found]:
    found = ratio(of, to)
    return None if found is None else Found(found, words.format(of.median, to.median))


def _sustained(figures: Figures) -> Optional[Found]:
    peer = figures.best_peer(figures.sustained, most=True)
    if peer is None:
        return None
    return _ratio_of(figures.sustained("gw"), figures.sustained(peer), f"{{:,.0f}} to {{:,.0f}}/s, {peer}")


def _p99(figures: Figures) -> Optional[Found]:
    peer = figures.best_peer(lambda name: figures.latency(name, 5_000, "p99"))
    if peer is None:
        return None
    of, to = figures.latency("gw", 5_000, "p99"), figures.latency(peer, 5_000, "p99")
    return _ratio_of(of, to, f"{{:,.0f}} to {{:,.0f}} µs, {peer}")


def _p50(figures: Figures) -> Optional[Found]:
    of, floor = figures.latency("gw", 5_000, "p50"), figures.latency("floor", 5_000, "p50")
    if of is None or floor is None:
        return None
    more = Figure(of.median - floor.median, of.low - floor.high, of.high - floor.low, min(of.count, floor.count))
    return Found(more, f"{of.median:,.0f} to {floor.median:,.0f} µs")


def _allocation(role: str) -> Callable[[Figures], Optional[Found]]:
    def find(figures: Figures) -> Optional[Found]:
        found = figures.allocation(role)
        if not found:
            return None
        worst = max(one["bytes"] for one in found)
        words = ", ".join(f"{one['bytes']:,.0f} at {one['rate']:,}/s" for one in found)
        # The goal is kept when each rate keeps it.
        return Found(Figure(worst, min(one["bytes"] for one in found), worst, len(found)), words)

    return find


def _rss(role: str) -> Callable[[Figures], Optional[Found]]:
    def find(figures: Figures) -> Optional[Found]:
        one = figures.memory(25)
        if one is None:
            return None
        anonymous = one[role]["anonymous"] / 1024
        return Found(figure([one[role]["rss"] / 1024]), f"of it anonymous {anonymous:.0f}")

    return find


def _further(figures: Figures) -> Optional[Found]:
    low, high = figures.total_rss(1_000), figures.total_rss(5_000)
    if low is None or high is None:
        return None
    return Found(figure([(high - low) / 4]), f"{low:.0f} with 1,000, {high:.0f} with 5,000")


def _linear(figures: Figures) -> Optional[Found]:
    one, low, high = figures.total_rss(1), figures.total_rss(1_000), figures.total_rss(5_000)
    if one is None or low is None or high is None or low <= one:
        return None
    first, rest = (low - one) / 999, (high - low) / 4_000
    return Found(figure([rest / first]), f"{rest * 1024:.0f} KiB a shard beyond 1,000, {first * 1024:.0f} before")


def _idle(figures: Figures) -> Optional[Found]:
    for one in figures.results.get("memory", []):
        if "idle" in one:
            idle = one["idle"]
            words = f"supervisor {idle['supervisor'] * 100:.2f}, worker {idle['worker'] * 100:.2f}"
            return Found(figure([idle["total"] * 100]), words)
    return None


def _ready(figures: Figures) -> Optional[Found]:
    runs = [run for run in figures.results.get("ready", []) if run.get("excessShare") is not None]
    if not runs:
        return None
    words = ", ".join(
        f"{run['shards']} shards: {run['fromFirstIdentify'] - run['trial']:.2f} s, floor {run['floor']:.0f}" for run in runs
    )
    return Found(figure([run["excessShare"] * 100 for run in runs]), words)


def _restart(figures: Figures) -> Optional[Found]:
    times = [seconds * 1000 for run in figures.results.get("restart", []) for seconds in run["seconds"]]
    return Found(figure(times)) if times else None


def _catch_up(figures: Figures) -> Optional[Found]:
    runs = [run for run in figures.results.get("outage", []) if "failed" not in run]
    live = figures.sustained("gw")
    if not runs or live is None:
        return None
    wanted, limit = 3 * live.median, runs[0]["receiverLimit"]
    which = "the receiver's own limit" if limit < wanted else "3 x the sustained live rate"
    lower = min(wanted, limit)
    return Found(figure([run["rate"] / lower for run in runs]), f"{runs[0]['rate']:,.0f} to {lower:,.0f}/s, {which}")


def _flat(find: Callable[[Figures, int], Optional[Figure]]) -> Callable[[Figures], Optional[Found]]:
    def over(figures: Figures) -> Optional[Found]:
        counts = sorted({run["shards"] for run in figures.results.get("load", []) if run["contestant"] == "gw"})
        known = [(count, found.median) for count in counts for found in [find(figures, count)] if found is not None]
        if len(known) < 2:
            return None
        values = [value for _, value in known]
        words = ", ".join(f"{count:,}: {value:,.0f}" for count, value in known)
        return Found(figure([values[-1] / values[0]]), f"µs by shards: {words}")

    return over


GOALS: List[Goal] = [
    Goal("CPU per event at 10,000/s, to the fastest peer", 0.5, "x", _cpu_to_peer(10_000)),
    Goal("CPU per event at 10,000/s, to the floor", 1.6, "x", _cpu_to("gw", "floor", 10_000)),
    Goal("CPU per event at 2,000/s, to the fastest peer", 0.7, "x", _cpu_to_peer(2_000)),
    Goal("CPU per event in a burst, to the fastest peer", 0.2, "x", _cpu_to_peer(None)),
    Goal("sustained events/s, to the fastest peer", 1.5, "x", _sustained, least=True),
    Goal("batched delivery in a burst, to the pipelined floor", 1.3, "x", _cpu_to("gw-batched", "floor-pipeline", None)),
    Goal("p99 at 5,000/s, to the fastest peer", 0.3, "x", _p99),
    Goal("p50 at 5,000/s, above the floor's", 200, "µs", _p50),
    Goal("allocation in the worker, per event", 200, "B", _allocation("worker")),
    Goal("allocation in the supervisor, per event", 300, "B", _allocation("supervisor")),
    Goal("RSS of a worker with 25 idle shards", 70, "MiB", _rss("worker")),
    Goal("RSS of the supervisor with 25 idle shards", 80, "MiB", _rss("supervisor")),
    Goal("RSS of each further 1,000 idle shards", 30, "MiB", _further),
    Goal("N shards ready, above Discord's floor", 2, "%", _ready),
    Goal("worker killed to 25 shards resumed", 700, "ms", _restart),
    Goal("catch-up after an outage", 1, "x", _catch_up, least=True),
    Goal("growth: CPU per event, most to fewest shards", _NOISE, "x", _flat(lambda f, n: f.cpu("gw", 5_000, shards=n))),
    Goal("growth: p50, most to fewest shards", _NOISE, "x", _flat(lambda f, n: f.latency("gw", 5_000, "p50", shards=n))),
    Goal("growth: memory a shard, beyond 1,000 to before", _NOISE, "x", _linear),
    Goal("idle CPU of 1,000 shards, of a core", 2, "%", _idle),
]


def judge(goal: Goal, figures: Figures) -> Verdict:
    found = goal.find(figures)
    if found is None:
        return Verdict(goal, None, None)
    value = found.value.median
    return Verdict(goal, found, value >= goal.limit if goal.least else value <= goal.limit)


def judge_all(figures: Figures) -> List[Verdict]:
    return [judge(goal, figures) for goal in GOALS]
