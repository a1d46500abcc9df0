"""Charts as SVG, readable on light and on dark pages, drawn from a run's figures."""

import math
from html import escape
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from .contestants import TITLES
from .figures import Figures

_WIDTH = 880

# Colours on light and on dark paper. No CSS variables: not every viewer of SVG knows them.
_COLOURS: Dict[str, Tuple[str, str]] = {
    "gw": ("#0969da", "#58a6ff"),
    "floor": ("#57606a", "#9ea7b3"),
    "a": ("#bc4c00", "#f0883e"),
    "b": ("#1a7f37", "#3fb950"),
    "c": ("#8250df", "#bc8cff"),
}

# Colour, width and dashes by contestant: gw stands out, its variants and the floor's are dashed.
_LOOKS: Dict[str, Tuple[str, float, str]] = {
    "gw": ("gw", 3, ""),
    "gw-batched": ("gw", 2, "6 4"),
    "floor": ("floor", 2, ""),
    "floor-pipeline": ("floor", 2, "6 4"),
    "discordjs": ("a", 1.6, ""),
    "discordjs-workers": ("a", 1.6, "6 4"),
    "discordeno-pool": ("b", 1.6, ""),
    "discordeno-fetch": ("b", 1.6, "2 4"),
    "jda": ("c", 1.6, ""),
}


def _palette(index: int, paper: str, ink: str, soft: str, grid: str) -> str:
    rules = [
        f"text {{ fill: {soft}; }} .title, .name {{ fill: {ink}; }}",
        f".paper, .hollow {{ fill: {paper}; }} .grid {{ stroke: {grid}; }}",
    ]
    for name, colours in _COLOURS.items():
        rules.append(f".s-{name} {{ stroke: {colours[index]}; }} .f-{name} {{ fill: {colours[index]}; }}")
    return "\n".join(rules)


_STYLE = f"""
text {{ font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }}
.title {{ font-size: 15px; font-weight: 600; }}
.line {{ fill: none; stroke-linejoin: round; stroke-linecap: round; }}
{_palette(0, "#ffffff", "#1f2328", "#656d76", "#d8dee4")}
@media (prefers-color-scheme: dark) {{
{_palette(1, "#0d1117", "#e6edf3", "#8d96a0", "#30363d")}
}}
"""


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

    def text(self, x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> None:
        css = f' class="{kind}"' if kind else ""
        self._body.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{css}>{escape(text)}</text>')

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self._body.append(f'<line class="grid" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def line(self, points: List[Tuple[float, float]], look: Tuple[str, float, str]) -> None:
        colour, width, dashes = look
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._body.append(f'<polyline class="line s-{colour}" stroke-width="{width}"{dash} points="{path}"/>')

    def dot(self, x: float, y: float, colour: str, radius: float = 3.5, hollow: bool = False) -> None:
        fill = "hollow" if hollow else f"f-{colour}"
        self._body.append(f'<circle class="{fill} s-{colour}" stroke-width="1.6" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>')

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
        colour = _LOOKS[one.name][0]
        drawing.line([(x + 4, end), (x + 14, placed)], (colour, 0.8, ""))
        drawing.text(x + 18, placed + 4, one.title, kind=f"f-{colour}")


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
    # gw is drawn last, so that it lies above the others.
    series.sort(key=lambda one: one.name == "gw")
    values = [y for one in series for _, y in one.points]
    if not values:
        return None
    height, left, right, top, bottom = 440, 60, 640, 64, 392
    drawing = _Drawing(_WIDTH, height, "CPU per event", "microseconds, all processes of a contestant; zlib-stream; lower is better")
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
            if all(found) or figures.out_of_reach(name, rate):
                rows.append((name, [one.median / 1000 for one in found if one]))
        panels.append((rate, rows))
    panels = [(rate, rows) for rate, rows in panels if rows]
    values = [value for _, rows in panels for _, found in rows for value in found]
    if not values:
        return None
    ticks = log_ticks(min(values), max(values))
    row_height, head, foot, left, right = 22, 36, 26, 250, 850
    height = 64 + sum(head + row_height * len(rows) + foot for _, rows in panels)
    description = "milliseconds from Discord's write() to the bot; dots: p50, p99, and hollow p99.9; zlib-stream; lower is better"
    drawing = _Drawing(_WIDTH, height, "Latency", description)
    x = Scale(ticks[0], ticks[-1], left, right, True)
    top = 60.0
    for rate, rows in panels:
        drawing.text(16, top + 18, f"{rate:,} events/s", kind="name")
        bottom = top + head + row_height * len(rows) - 6
        for tick in ticks:
            drawing.rule(x(tick), top + head - 12, x(tick), bottom)
            drawing.text(x(tick), bottom + 15, _short(tick), "middle")
        for i, (name, found) in enumerate(rows):
            y = top + head + row_height * i
            look = _LOOKS[name]
            drawing.text(left - 14, y + 4, TITLES[name], "end", kind="name" if name == "gw" else "")
            if len(found) < len(quantiles):
                drawing.text(left + 6, y + 4, "doesn't keep up")
                continue
            drawing.line([(x(found[0]), y), (x(found[-1]), y)], look)
            for value, hollow in zip(found, (False, False, True)):
                drawing.dot(x(value), y, look[0], hollow=hollow)
        top = bottom + foot + 6
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
    height, left, right, top, bottom = 380, 60, 720, 64, 332
    drawing = _Drawing(_WIDTH, height, "Resident memory by idle shards", "MiB of gw with one worker, at rest; zlib-stream")
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
