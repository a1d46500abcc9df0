"""Charts as SVG, readable on light and on dark pages, drawn from a run's figures."""

import math
from html import escape
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from .contestants import TITLES
from .figures import Figures

_STYLE = """
  svg { --paper: #ffffff; --ink: #1f2328; --soft: #656d76; --grid: #d8dee4;
        --gw: #0969da; --floor: #57606a; --a: #bc4c00; --b: #1a7f37; --c: #8250df; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0d1117; --ink: #e6edf3; --soft: #8d96a0; --grid: #30363d;
          --gw: #58a6ff; --floor: #9ea7b3; --a: #f0883e; --b: #3fb950; --c: #bc8cff; }
  }
  text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; fill: var(--soft); }
  .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
  .name { fill: var(--ink); }
  .paper { fill: var(--paper); } .grid { stroke: var(--grid); stroke-width: 1; }
  .line { fill: none; stroke-linejoin: round; stroke-linecap: round; }
"""

# Colour, width and dashes by contestant: gw stands out, its variants and the floor's are dashed.
_LOOKS: Dict[str, Tuple[str, float, str]] = {
    "gw": ("--gw", 3, ""),
    "gw-batched": ("--gw", 2, "6 4"),
    "floor": ("--floor", 2, ""),
    "floor-pipeline": ("--floor", 2, "6 4"),
    "discordjs": ("--a", 1.6, ""),
    "discordeno-pool": ("--b", 1.6, ""),
    "discordeno-fetch": ("--b", 1.6, "2 4"),
    "jda": ("--c", 1.6, ""),
}


class Series(NamedTuple):
    name: str
    title: str
    points: List[Tuple[float, float]]


class Scale:
    """From values to pixels; linear or logarithmic."""

    def __init__(self, low: float, high: float, start: float, end: float, log: bool):
        self._log = log
        self._low, self._high = self._of(low), self._of(high)
        self._start, self._end = start, end

    def _of(self, value: float) -> float:
        return math.log10(max(value, 1e-9)) if self._log else value

    def __call__(self, value: float) -> float:
        share = (self._of(value) - self._low) / ((self._high - self._low) or 1)
        return self._start + share * (self._end - self._start)


def log_ticks(low: float, high: float) -> List[float]:
    """1, 2, 5, 10, ... from the last one not above `low` to the first one not below `high`."""
    steps = [m * 10.0**e for e in range(-3, 8) for m in (1, 2, 5)]
    below = max([step for step in steps if step <= low], default=steps[0])
    above = min([step for step in steps if step >= high], default=steps[-1])
    return [step for step in steps if below <= step <= above]


def linear_ticks(high: float) -> List[float]:
    """From 0 to the first one not below `high`, four to eight of them."""
    raw = max(high, 1e-9) / 5
    step = 10.0 ** math.floor(math.log10(raw))
    step *= next(m for m in (1, 2, 5, 10) if m * step >= raw)
    return [i * step for i in range(int(math.ceil(high / step)) + 1)]


def apart(wanted: Sequence[float], least: float) -> List[float]:
    """The same positions, moved as little as is needed to be so far apart; their order stays."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [wanted[i] for i in order]
    for _ in range(200):
        moved = False
        for i in range(1, len(placed)):
            overlap = least - (placed[i] - placed[i - 1])
            if overlap > 0.01:
                placed[i - 1] -= overlap / 2
                placed[i] += overlap / 2
                moved = True
        if not moved:
            break
    result = [0.0] * len(wanted)
    for position, i in zip(placed, order):
        result[i] = position
    return result


def _short(value: float) -> str:
    if value >= 1_000_000:
        return f"{value / 1_000_000:g}M"
    if value >= 10_000:
        return f"{value / 1000:g}k"
    return f"{value:,g}"


class _Drawing:
    def __init__(self, width: int, height: int, title: str, description: str):
        self._width, self._height = width, height
        self._title = title
        self._description = description
        self._body: List[str] = []

    def text(self, x: float, y: float, text: str, anchor: str = "start", kind: str = "", colour: str = "") -> None:
        style = f' style="fill: var({colour})"' if colour else ""
        css = f' class="{kind}"' if kind else ""
        self._body.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{css}{style}>{escape(text)}</text>')

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self._body.append(f'<line class="grid" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def line(self, points: List[Tuple[float, float]], look: Tuple[str, float, str]) -> None:
        colour, width, dashes = look
        dash = f" stroke-dasharray: {dashes};" if dashes else ""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        style = f"stroke: var({colour}); stroke-width: {width};{dash}"
        self._body.append(f'<polyline class="line" points="{path}" style="{style}"/>')

    def dot(self, x: float, y: float, colour: str, radius: float = 3.5, hollow: bool = False) -> None:
        fill = "var(--paper)" if hollow else f"var({colour})"
        self._body.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" style="fill: {fill}; stroke: var({colour}); stroke-width: 1.6"/>'
        )

    def done(self) -> str:
        size = f'width="{self._width}" height="{self._height}" viewBox="0 0 {self._width} {self._height}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(self._title, quote=True)}">'
        paper = f'<rect class="paper" width="{self._width}" height="{self._height}"/>'
        words = f"<title>{escape(self._title)}</title><desc>{escape(self._description)}</desc>"
        title = f'<text class="title" x="16" y="26">{escape(self._title)}</text>'
        subtitle = f'<text x="16" y="45">{escape(self._description)}</text>'
        return "\n".join([head, words, f"<style>{_STYLE}</style>", paper, title, subtitle, *self._body, "</svg>"]) + "\n"


def _end_labels(drawing: _Drawing, series: List[Series], x: float, ys: List[float]) -> None:
    for one, end, placed in zip(series, ys, apart(ys, 15)):
        colour = _LOOKS.get(one.name, ("--floor", 1, ""))[0]
        drawing.line([(x + 4, end), (x + 14, placed)], (colour, 0.8, ""))
        drawing.text(x + 18, placed + 4, one.title, colour=colour)


def cpu(figures: Figures) -> Optional[str]:
    """CPU per event by rate and in a burst, both axes logarithmic."""
    rates = sorted({p["rate"] for run in figures.results.get("load", []) for p in run["phases"] if p["kind"] == "run"})
    if len(rates) < 2:
        return None
    # The burst stands one step to the right of the last rate.
    burst_at = rates[-1] * 2.6
    series = []
    for name in figures.contestants():
        points = [(rate, found.median) for rate in rates for found in [figures.cpu(name, rate)] if found]
        burst = figures.cpu(name, None)
        if burst:
            points.append((burst_at, burst.median))
        if points:
            series.append(Series(name, TITLES[name], points))
    values = [y for one in series for _, y in one.points]
    if not values:
        return None
    width, height, left, right, top, bottom = 860, 440, 60, 640, 64, 392
    drawing = _Drawing(width, height, "CPU per event", "microseconds, all processes of a contestant; zlib-stream; lower is better")
    ticks = log_ticks(min(values), max(values))
    y = Scale(ticks[0], ticks[-1], bottom, top, True)
    x = Scale(rates[0], burst_at, left + 20, right - 10, True)
    for tick in ticks:
        drawing.rule(left, y(tick), right, y(tick))
        drawing.text(left - 8, y(tick) + 4, _short(tick), "end")
    for rate in rates:
        drawing.text(x(rate), bottom + 20, _short(rate), "middle")
    drawing.text(x(burst_at), bottom + 20, "burst", "middle")
    drawing.text((left + right) / 2, bottom + 40, "events per second", "middle")
    ends = []
    for one in series:
        look = _LOOKS[one.name]
        pixels = [(x(a), y(b)) for a, b in one.points]
        drawing.line(pixels, look)
        for px, py in pixels:
            drawing.dot(px, py, look[0], 3 if look[1] < 3 else 4)
        ends.append(pixels[-1][1])
    _end_labels(drawing, series, right, ends)
    return drawing.done()


def latency(figures: Figures) -> Optional[str]:
    """p50, p99 and p99.9 of each contestant, a panel for each rate."""
    known = sorted({p["rate"] for run in figures.results.get("load", []) for p in run["phases"] if p["kind"] == "run"})
    rates = [rate for rate in (1_000, 5_000, 20_000) if rate in known] or known
    quantiles = ("p50", "p99", "p999")
    panels = []
    for rate in rates:
        rows = []
        for name in figures.contestants():
            found = [figures.latency(name, rate, quantile) for quantile in quantiles]
            rows.append((name, [one.median / 1000 for one in found if one] if all(found) else []))
        panels.append((rate, [row for row in rows if row[1]], [row[0] for row in rows if not row[1]]))
    panels = [panel for panel in panels if panel[1]]
    if not panels:
        return None
    values = [value for _, rows, _ in panels for _, found in rows for value in found]
    ticks = log_ticks(min(values), max(values))
    row_height, head, left, right = 22, 34, 236, 830
    height = 70 + sum(head + row_height * len(rows) + 14 for _, rows, _ in panels) + 20
    description = "milliseconds from Discord's write() to the bot; dots: p50, p99, and hollow p99.9; zlib-stream; lower is better"
    drawing = _Drawing(860, height, "Latency", description)
    x = Scale(ticks[0], ticks[-1], left, right, True)
    top = 64.0
    for rate, rows, absent in panels:
        drawing.text(16, top + 18, f"{rate:,} events/s", kind="name")
        bottom = top + head + row_height * len(rows)
        for tick in ticks:
            drawing.rule(x(tick), top + head - 10, x(tick), bottom)
            drawing.text(x(tick), bottom + 14, _short(tick), "middle")
        for i, (name, found) in enumerate(rows):
            y = top + head + row_height * i + 6
            colour, width, dashes = _LOOKS[name]
            drawing.text(left - 12, y + 4, TITLES[name], "end", kind="name" if name == "gw" else "")
            drawing.line([(x(found[0]), y), (x(found[-1]), y)], (colour, width, dashes))
            drawing.dot(x(found[0]), y, colour)
            drawing.dot(x(found[1]), y, colour)
            drawing.dot(x(found[2]), y, colour, hollow=True)
        if absent:
            names = ", ".join(TITLES[name] for name in absent)
            drawing.text(right, top + 18, f"not keeping up: {names}", "end")
        top = bottom + 14
    return drawing.done()


def memory(figures: Figures) -> Optional[str]:
    """RSS by idle shards, linear, so that a straight line is one."""
    known = [one for one in figures.results.get("memory", []) if one["workers"] == 1 and "failed" not in one]
    known.sort(key=lambda one: one["shards"])
    if len(known) < 2:
        return None

    def mib(one: dict, role: str) -> float:
        return one[role]["rss"] / 1024

    series = [
        Series("gw", "both together", [(one["shards"], mib(one, "supervisor") + mib(one, "worker")) for one in known]),
        Series("jda", "worker", [(one["shards"], mib(one, "worker")) for one in known]),
        Series("discordeno-pool", "supervisor", [(one["shards"], mib(one, "supervisor")) for one in known]),
    ]
    width, height, left, right, top, bottom = 860, 380, 60, 700, 64, 332
    drawing = _Drawing(width, height, "Resident memory by idle shards", "MiB of gw with one worker, at rest; zlib-stream")
    ticks = linear_ticks(max(y for _, y in series[0].points))
    y = Scale(0, ticks[-1], bottom, top, False)
    most = known[-1]["shards"]
    x = Scale(0, most, left, right - 10, False)
    for tick in ticks:
        drawing.rule(left, y(tick), right, y(tick))
        drawing.text(left - 8, y(tick) + 4, _short(tick), "end")
    last = -100.0
    for one in known:
        at = x(one["shards"])
        if at - last >= 40:
            drawing.text(at, bottom + 20, f"{one['shards']:,}", "middle")
            last = at
    drawing.text((left + right) / 2, bottom + 40, "shards", "middle")
    ends = []
    for one in series:
        look = _LOOKS[one.name]
        pixels = [(x(a), y(b)) for a, b in one.points]
        drawing.line(pixels, look)
        for px, py in pixels:
            drawing.dot(px, py, look[0], 3)
        ends.append(pixels[-1][1])
    labels = [one._replace(title=f"{one.title} {one.points[-1][1]:.0f}") for one in series]
    _end_labels(drawing, labels, right, ends)
    return drawing.done()


def all_charts(figures: Figures) -> Dict[str, str]:
    """By file name; those for which the run has figures."""
    drawn = {
        "cpu-per-event.svg": cpu(figures),
        "latency.svg": latency(figures),
        "memory.svg": memory(figures),
    }
    return {name: svg for name, svg in drawn.items() if svg}
