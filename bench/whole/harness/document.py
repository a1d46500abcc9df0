"""The generated part of docs/performance.md, and the charts beside it."""

import os
from typing import Dict, List

from . import charts
from .figures import Figures
from .goals import Verdict
from .report import all_tables, goals_table

BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"
_ALT = {
    "cpu-per-event.svg": "CPU per event by rate and in a burst",
    "latency.svg": "Latency at several rates",
    "memory.svg": "Resident memory by idle shards",
}
_NEW = f"# Performance\n\n{BEGIN}\n{END}\n"


def write(root: str, results: dict, verdicts: List[Verdict]) -> List[str]:
    """What was written, relative to the root. Text outside of the markers stays as it is."""
    figures = Figures(results)
    written = []
    drawn = charts.all_charts(figures)
    folder = os.path.join(root, "docs", "charts")
    os.makedirs(folder, exist_ok=True)
    for name, svg in drawn.items():
        _save(os.path.join(folder, name), svg)
        written.append(os.path.join("docs", "charts", name))
    page = os.path.join(root, "docs", "performance.md")
    before = _NEW
    if os.path.exists(page):
        with open(page, encoding="utf-8") as file:
            before = file.read()
    _save(page, replaced(before, markdown(results, verdicts, drawn)))
    return written + [os.path.join("docs", "performance.md")]


def replaced(page: str, generated: str) -> str:
    """The page with this between the markers; at its end, when it has none."""
    if BEGIN not in page or END not in page:
        page = page.rstrip("\n") + f"\n\n{BEGIN}\n{END}\n"
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{generated.strip()}\n{END}{tail}"


def markdown(results: dict, verdicts: List[Verdict], drawn: Dict[str, str]) -> str:
    """The part between the markers."""
    parts = [_conditions(results)]
    parts += [f"![{_ALT[name]}](charts/{name})" for name in drawn]
    parts.append(goals_table(verdicts).markdown())
    parts += [table.markdown() for table in all_tables(Figures(results))]
    parts.append(_commands(results))
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _conditions(results: dict) -> str:
    machine, versions = results["machine"], results["versions"]
    where = ", ".join(
        str(part)
        for part in (
            machine["cpu"],
            f"{machine['cores']} cores",
            f"{machine['memoryMiB'] / 1024:.0f} GiB",
            machine["system"],
            machine["kernel"],
            "a virtual machine" if machine.get("virtual") else "",
        )
        if part
    )
    lines = [
        f"Measured by `{results['commandLine']}` on {results['startedAt'][:10]} in {results['seconds'] / 60:.0f} minutes.",
        "",
        f"- Machine: {where}. Generator, receiver and contestant share it.",
        "- Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + ".",
    ]
    lines += [f"- {warning[0].upper()}{warning[1:]}." for warning in results.get("warnings", [])]
    return "\n".join(lines)


def _commands(results: dict) -> str:
    commands = {}
    for run in results.get("load", []):
        if run.get("command"):
            commands.setdefault(run["contestant"], run["command"])
    if not commands:
        return ""
    lines = ["### Commands", "", "How each was started (API, BOT: the ports of `blast`; DIR: an empty directory):", "", "```"]
    lines += [f"# {name}\n{command}" for name, command in commands.items()]
    return "\n".join(lines + ["```"])


def _save(path: str, text: str) -> None:
    with open(path + ".next", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".next", path)
