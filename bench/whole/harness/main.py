"""The command line of bench/run."""

import argparse
import datetime
import json
import os
import shlex
import signal
import sys
from dataclasses import replace
from typing import List

from . import building, document, machine, measuring
from .contestants import ALL, ALL_COMPRESSIONS, BY_NAME
from .failures import Interrupted, MeasurementFailed, MissingTool, Usage
from .figures import Figures
from .goals import judge_all
from .report import all_tables, goals_table
from .sets import PARTS, SETS, Set
from .workplace import ROOT, Workplace

_OK, _FAILED, _USAGE, _MISSING, _INTERRUPTED = 0, 1, 2, 69, 130

_EPILOG = """
parts (--only):
  memory    RSS, PSS and anonymous memory with idle shards, by shards and by workers
  idle      CPU of 1,000 idle shards
  ready     start to N ready shards, against Discord's floor
  restart   a worker is killed: until all its shards are resumed
  outage    the bot is away and comes back: disk bytes per event, catch-up rate
  load      CPU per event, latency, sustained rate, allocation: gw, the floor and the peers
  growth    CPU per event and latency of gw by shards

contestants (--only):
  {contestants}

A contestant alone means the part load of it. Everything runs on 127.0.0.1 on free ports, with state in a
temporary directory; whatever was started is stopped, also on Ctrl-C.

examples:
  bench/run --quick
  bench/run --write                     the whole of docs/performance.md, on a machine with nothing else to do
  bench/run --only memory --only idle
  bench/run --only gw --only floor --compress zstd-stream
  bench/run --from bench/target/results-20260102-030405.json --write

exit codes:
  0    measured; goals that are missed are shown, not punished
  1    a measurement of gw or of the floor failed; a peer that fails is a row that says why
  2    the command line was not understood
  69   something has to be installed; the message says what
  130  interrupted
"""


def main(arguments: List[str]) -> int:
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        signal.signal(getattr(signal, name), _interrupted)
    try:
        options = _parser().parse_args(arguments)
        if options.gw and (options.write or options.from_file):
            raise Usage("--gw measures another gw than the one whose page is written: neither with --write nor with --from")
        if options.gw and not os.access(options.gw, os.X_OK):
            raise Usage(f"--gw {options.gw}: no program")
        if options.from_file:
            return _tell(_loaded(options.from_file), options)
        return _measured(options, arguments)
    except Usage as error:
        print(f"bench/run: {error}\n  bench/run --help", file=sys.stderr)
        return _USAGE
    except MissingTool as error:
        print(f"bench/run: {error}\n  {error.advice}", file=sys.stderr)
        return _MISSING
    except MeasurementFailed as error:
        print(f"bench/run: {error}", file=sys.stderr)
        return _FAILED
    except Interrupted:
        print("bench/run: interrupted; all that was started is stopped", file=sys.stderr)
        return _INTERRUPTED


def _interrupted(number, frame) -> None:
    raise Interrupted()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench/run",
        description="Measures gw, what users would pick instead, and a C program that does the least, all doing the same work on"
        " this machine: CPU per event, latency, memory, starts, restarts, outages. Compares the figures with the goals.",
        epilog=_EPILOG.format(contestants="\n  ".join(f"{c.name:<17} {c.title}" for c in ALL)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_const", dest="set", const="quick",
                      help="under 3 minutes: gw, the floor and the fastest peer known, zlib-stream, two rates and a burst")  # fmt: skip
    size.add_argument("--full", action="store_const", dest="set", const="full",
                      help="over an hour: all compressions for all, more starts, repeats and shards (the default set: under 15 minutes)")  # fmt: skip
    parser.add_argument("--only", action="append", metavar="NAME", default=[], help="a part or a contestant, see below; repeatable")
    parser.add_argument("--compress", action="append", choices=ALL_COMPRESSIONS, default=[], help="this one alone; repeatable")
    parser.add_argument("--no-peers", action="store_true", help="gw and the floor alone: needs no Node")
    parser.add_argument("--write", action="store_true", help="put tables and charts into docs/performance.md and docs/charts")
    parser.add_argument("--json", action="store_true", help="the results as JSON on the standard output instead of tables")
    parser.add_argument("--from", dest="from_file", metavar="FILE", help="measure nothing, take the results of an earlier run")
    parser.add_argument("--gw", metavar="FILE", help="measure another gw: bin/gw in a checkout of an older commit, say; not with --write")
    parser.add_argument("--keep", action="store_true", help="keep logs and state directories, and say where they are")
    return parser


def _chosen(options: argparse.Namespace) -> Set:
    """The set, cut down to what is wanted."""
    chosen = SETS[options.set or "default"]
    unknown = [name for name in options.only if name not in PARTS and name not in BY_NAME]
    if unknown:
        known = ", ".join(PARTS + tuple(BY_NAME))
        raise Usage(f"--only: {', '.join(unknown)} (expected: {known})")
    parts = tuple(part for part in PARTS if part in options.only)
    names = tuple(name for name in BY_NAME if name in options.only)
    if names:
        parts = tuple(part for part in PARTS if part in parts or part == "load")
        chosen = replace(chosen, contestants=names, narrow_contestants=names)
    if parts:
        chosen = replace(chosen, parts=parts)
    if options.no_peers:
        chosen = replace(
            chosen,
            contestants=tuple(name for name in chosen.contestants if not BY_NAME[name].peer),
            narrow_contestants=tuple(name for name in chosen.narrow_contestants if not BY_NAME[name].peer),
        )
    if options.compress:
        chosen = replace(chosen, compressions=tuple(c for c in ALL_COMPRESSIONS if c in options.compress))
    if "load" in chosen.parts and not chosen.contestants:
        raise Usage("--only and --no-peers leave no contestant")
    return chosen


def _measured(options: argparse.Namespace, arguments: List[str]) -> int:
    chosen = _chosen(options)
    loaded = any(part in chosen.parts for part in ("load", "growth", "outage"))
    peers = "load" in chosen.parts and any(BY_NAME[n].peer and n != "jda" for n in chosen.contestants)
    building.check_tools(loaded, peers)
    place = Workplace(options.keep, options.gw)
    try:
        ready = measuring.prepare(place, chosen, loaded)
        results = {
            "format": 1,
            "set": chosen.name,
            "commandLine": " ".join(["bench/run", *map(shlex.quote, arguments)]),
            "startedAt": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "machine": machine.machine(),
            "versions": machine.versions(place, ready.jdk),
            "shards": chosen.load.shards,
            "warnings": list(ready.warnings),
        }
        measuring.measure(place, chosen, ready, results)
        file = _save(results)
        place.say(f"done in {results['seconds'] / 60:.1f} minutes; results are in {os.path.relpath(file, ROOT)}")
    finally:
        # A second Ctrl-C must not leave anything behind.
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        place.close()
    return _tell(results, options)


def _save(results: dict) -> str:
    folder = os.path.join(ROOT, "bench", "target")
    os.makedirs(folder, exist_ok=True)
    stamp = results["startedAt"][:19].replace("-", "").replace(":", "").replace("T", "-")
    file = os.path.join(folder, f"results-{stamp}.json")
    with open(file, "w", encoding="utf-8") as out:
        json.dump(results, out, indent=1)
        out.write("\n")
    return file


def _loaded(file: str) -> dict:
    try:
        with open(file, encoding="utf-8") as text:
            results = json.load(text)
    except (OSError, ValueError) as error:
        raise Usage(f"--from {file}: {error}") from None
    if not isinstance(results, dict) or results.get("format") != 1:
        raise Usage(f"--from {file}: no results of bench/run")
    return results


def _tell(results: dict, options: argparse.Namespace) -> int:
    figures = Figures(results)
    verdicts = judge_all(figures)
    if options.json:
        print(json.dumps({**results, "goals": [_as_json(verdict) for verdict in verdicts]}, indent=1))
    else:
        for table in [*all_tables(figures), goals_table(verdicts)]:
            print(table.text())
        for warning in results["warnings"]:
            print(f"warning: {warning}")
    if options.write:
        for name in document.write(ROOT, results, verdicts):
            print(f"bench/run: wrote {name}", file=sys.stderr)
    return _FAILED if measuring.own_failures(results) else _OK


def _as_json(verdict) -> dict:
    goal, found = verdict.goal, verdict.found
    return {
        "goal": goal.what,
        "limit": goal.limit,
        "unit": goal.unit,
        "atLeast": goal.least,
        "measured": None if found is None else found.value._asdict(),
        "words": None if found is None else found.words,
        "passed": verdict.passed,
    }
