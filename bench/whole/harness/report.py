"""The tables of a run."""

from typing import List, Optional

from .contestants import ALL_COMPRESSIONS, BY_NAME, TITLES
from .figures import Figures, figure, ratio
from .goals import Verdict
from .tables import Table, number, spread

_MAIN = "zlib-stream"
_RATIO_RATES = (2_000, 10_000, None)
_LATENCY_RATES = (1_000, 5_000, 20_000)
_QUANTILES = (("p50", "p50"), ("p99", "p99"), ("p999", "p99.9"))


def all_tables(figures: Figures) -> List[Table]:
    """Those for which the run has figures."""
    makers = (_cpu, _ratios, _parts, _latency, _compressions, _growth, _memory, _moments)
    return [table for table in (make(figures) for make in makers) if table is not None and table.rows]


def goals_table(verdicts: List[Verdict]) -> Table:
    rows = []
    for verdict in verdicts:
        goal, found = verdict.goal, verdict.found
        limit = f"{'>=' if goal.least else '<='} {goal.limit:g} {goal.unit}"
        if found is not None:
            value = f"{spread(found.value)} {goal.unit}"
            rows.append([goal.what, limit, value, "pass" if verdict.passed else "FAIL", found.words])
    left = [verdict.goal.what for verdict in verdicts if verdict.found is None]
    passed = sum(1 for verdict in verdicts if verdict.passed)
    notes = [f"{passed} of {len(rows)} are reached. Single repeats differ by up to a fifth on a shared machine."] if rows else []
    if left:
        notes.append("Not measured in this run: " + "; ".join(left) + ".")
    return Table("Goals", ["goal", "wanted", "measured", "", "made of"], rows, notes)


def _name_of(rate: Optional[int]) -> str:
    return "burst" if rate is None else f"{rate:,}/s"


def _rates(figures: Figures, compress: str = _MAIN) -> List[int]:
    return sorted(
        {
            phase["rate"]
            for run in figures.results.get("load", [])
            if run["compress"] == compress
            for phase in run["phases"]
            if phase["kind"] == "run"
        }
    )


def _missing(figures: Figures, name: str, rate: int) -> str:
    """What stands where there is no figure."""
    return "too fast" if figures.out_of_reach(name, rate) else "-"


def _failures(figures: Figures, compress: str) -> List[str]:
    return [
        f"{TITLES[name]}: {reason}"
        for name in figures.contestants()
        for reason in [figures.failure(name, compress)]
        if reason
    ]


def _cpu(figures: Figures) -> Optional[Table]:
    rates = _rates(figures)
    rows = []
    for name in figures.contestants():
        if not figures.runs(name, _MAIN):
            continue
        cells = []
        for rate in rates:
            found = figures.cpu(name, rate)
            cells.append(spread(found) if found else _missing(figures, name, rate))
        sustained = figures.sustained(name)
        rows.append([TITLES[name]] + cells + [spread(figures.cpu(name, None)), spread(sustained)])
    notes = [
        "Microseconds of CPU per event, median (least..greatest). \"too fast\": it doesn't keep up with that rate. Compiler"
        " threads of JVMs are left out and stand apart below; Node's can't be told apart.",
        *_failures(figures, _MAIN),
    ]
    columns = ["CPU µs per event, zlib-stream"] + [_name_of(rate) for rate in rates] + ["burst", "sustained events/s"]
    return Table("CPU per event by rate", columns, rows, notes)


def _ratios(figures: Figures) -> Optional[Table]:
    columns = ["CPU per event, as a multiple"]
    cells: dict = {name: [] for name in figures.contestants()}
    fastest = []
    for rate in _RATIO_RATES:
        peer = figures.best_peer(lambda name, rate=rate: figures.cpu(name, rate))
        for other, word in ((peer, "of the fastest peer"), ("floor", "of the floor")):
            if other is None or figures.cpu(other, rate) is None:
                continue
            columns.append(f"{_name_of(rate)}: {word}")
            for name, row in cells.items():
                pipelined = other == "floor" and name == "gw-batched" and figures.cpu("floor-pipeline", rate)
                row.append(spread(ratio(figures.cpu(name, rate), figures.cpu("floor-pipeline" if pipelined else other, rate))))
        if peer:
            fastest.append(f"{_name_of(rate)} {TITLES[peer]}")
    if len(columns) == 1:
        return None
    rows = [[TITLES[name]] + row for name, row in cells.items() if any(cell != "-" for cell in row)]
    notes = ["The spread is what the extremes of both sides allow. Batched delivery is set against the pipelined floor."]
    if fastest:
        notes.append(f"The fastest peer: {', '.join(fastest)}.")
    return Table("Ratios", columns, rows, notes)


def _parts(figures: Figures) -> Optional[Table]:
    rows = []
    for name in ("gw", "gw-batched"):
        for compress in ALL_COMPRESSIONS:
            for rate in [*_rates(figures, compress), None]:
                total = figures.cpu(name, rate, compress=compress)
                if total is None:
                    continue
                cells = [spread(figures.cpu(name, rate, role, compress)) for role in ("supervisor", "worker")]
                jit = spread(figures.cpu(name, rate, "jit", compress))
                rows.append([f"{TITLES[name]}, {compress}, {_name_of(rate)}"] + cells + [spread(total), jit])
    notes = ["Compiler threads use what they use in a second, so their share per event is large where events are few."]
    return Table("Where gw's CPU goes", ["CPU µs per event", "supervisor", "worker", "total", "JIT, apart"], rows, notes)


def _latency(figures: Figures) -> Optional[Table]:
    rates = [rate for rate in _LATENCY_RATES if rate in _rates(figures)]
    if not rates:
        rates = _rates(figures)
    columns = ["milliseconds"] + [f"{_name_of(rate)} {word}" for rate in rates for _, word in _QUANTILES]
    rows = []
    for name in figures.contestants():
        cells = [
            spread(found, 1e-3) if found else _missing(figures, name, rate)
            for rate in rates
            for key, _ in _QUANTILES
            for found in [figures.latency(name, rate, key)]
        ]
        if any(cell != "-" for cell in cells):
            rows.append([TITLES[name]] + cells)
    notes = ["From write() on Discord's side to the whole body at the bot, zlib-stream."]
    return Table("Latency", columns, rows, notes) if rows else None


def _compressions(figures: Figures) -> Optional[Table]:
    known = [c for c in ALL_COMPRESSIONS if any(run["compress"] == c for run in figures.results.get("load", []))]
    if not any(compress != _MAIN for compress in known):
        return None
    columns = ["CPU µs per event"] + [f"{_name_of(rate)} {c}" for rate in (2_000, 10_000, None) for c in known]
    rows = []
    for name in figures.contestants():
        if not any(figures.runs(name, c) for c in known if c != _MAIN):
            continue
        cells = []
        for rate in (2_000, 10_000, None):
            for compress in known:
                found = figures.cpu(name, rate, compress=compress)
                lacking = "can't" if not BY_NAME[name].can(compress) else "-"
                cells.append(spread(found) if found else lacking)
        rows.append([TITLES[name]] + cells)
    notes = [f"{c}: {reason}" for c in known if c != _MAIN for reason in _failures(figures, c)]
    return Table("Compressions", columns, rows, notes)


def _growth(figures: Figures) -> Optional[Table]:
    counts = sorted({run["shards"] for run in figures.results.get("load", []) if run["contestant"] == "gw"})
    rows = []
    for count in counts:
        cpu = figures.cpu("gw", 5_000, shards=count)
        if cpu is not None:
            latencies = [spread(figures.latency("gw", 5_000, key, shards=count), 1e-3) for key, _ in _QUANTILES]
            rows.append([f"{count:,}", spread(cpu)] + latencies)
    if len(rows) < 2:
        return None
    columns = ["shards, gw at 5,000/s, zlib-stream", "CPU µs per event", "p50 ms", "p99 ms", "p99.9 ms"]
    return Table("Growth", columns, rows)


def _memory(figures: Figures) -> Optional[Table]:
    rows = []
    notes = ["MiB, at rest with every session open, zlib-stream; several workers are added up."]
    for one in figures.results.get("memory", []):
        name = f"{one['shards']:,} in {one['workers']} worker{'s' if one['workers'] > 1 else ''}"
        if "failed" in one:
            notes.append(f"{name}: {one['failed']}")
            continue
        cells = [number(one[role][kind] / 1024) for role in ("supervisor", "worker") for kind in ("rss", "pss", "anonymous")]
        rows.append([name] + cells + [number((one["supervisor"]["rss"] + one["worker"]["rss"]) / 1024)])
        if not (one["supervisor"]["aot"] and one["worker"]["aot"]):
            notes.append(f"{name}: without AOT caches.")
    columns = ["idle shards"] + [f"{role} {kind}" for role in ("supervisor", "workers") for kind in ("RSS", "PSS", "anon")]
    return Table("Memory", columns + ["RSS, both"], rows, notes)


def _moments(figures: Figures) -> Optional[Table]:
    """Figures that stand alone."""
    results = figures.results
    rows: List[List[str]] = []
    notes: List[str] = []
    for one in results.get("memory", []):
        if "idle" in one:
            rows.append([f"idle CPU of {one['shards']:,} shards, over {one['idle']['seconds']:.0f} s",
                         f"{one['idle']['total'] * 100:.2f} % of a core (JIT apart {one['idle']['jit'] * 100:.2f})"])  # fmt: skip
    for one in results.get("ready", []):
        if "failed" in one:
            notes.append(f"{one['shards']} shards ready: {one['failed']}")
            continue
        share = f", {one['excessShare'] * 100:+.1f} %" if one["excessShare"] is not None else ""
        what = f"{one['shards']} shards, {one['maxConcurrency']} at a time"
        rows.append([f"{what}: start to first IDENTIFY", f"{one['firstIdentify']:.2f} s"])
        rows.append([f"{what}: the first IDENTIFY's trial, before the others", f"{one['trial']:.2f} s"])
        rows.append([f"{what}: from then to all READY at the bot",
                     f"{one['fromFirstIdentify'] - one['trial']:.2f} s (floor {one['floor']:.0f} s{share})"])  # fmt: skip
    for one in results.get("restart", []):
        if one["seconds"]:
            rows.append([f"worker killed to {one['shards']} shards resumed",
                         f"{spread(figure(one['seconds']), 1000)} ms"])  # fmt: skip
        if "failed" in one:
            notes.append(f"worker killed to resumed: {one['failed']}")
    for one in figures.allocation("worker") and ("worker", "supervisor"):
        for found in figures.allocation(one):
            rows.append([f"allocation in the {one} at {found['rate']:,}/s", f"{found['bytes']:,.0f} bytes per event" + ("" if found["exact"] else ", roughly")])
    for one in results.get("outage", []):
        if "failed" in one:
            notes.append(f"outage: {one['failed']}")
            continue
        rows.append(["backlog on the disk", f"{one['diskBytesPerEvent']:,.0f} bytes per event ({one['queued']:,} waited)"])
        rows.append(["catch-up after the bot was away",
                     f"{one['rate']:,.0f} events/s at {one['cpu']['total']:.1f} µs of CPU per event"])  # fmt: skip
        rows.append(["what the receiver could take with a core for itself", f"{one['receiverLimit']:,.0f} events/s"])
        if one["waited"] is not None:
            rows.append(["from the bot's return to the first delivery, at most", f"{one['waited']:.1f} s"])
    for part in ("memory", "ready", "restart"):
        for one in results.get(part, []):
            if one.get("violations"):
                broken = ", ".join(f"{name} {count}" for name, count in one["violations"].items())
                notes.append(f"In \"{part}\" with {one['shards']:,} shards a rule of Discord was broken: {broken}.")
    return Table("Single figures", ["what", "gw"], rows, notes)


