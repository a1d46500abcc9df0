"""What Linux says of processes: CPU time, memory, descendants."""

import os
import time
from typing import Dict, Iterable, List, NamedTuple

_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_JIT_THREADS = ("C1 Compiler", "C2 Compiler")


class Memory(NamedTuple):
    """In KiB. `anonymous` is what no file and no other process shares."""

    rss: int
    pss: int
    anonymous: int

    def plus(self, other: "Memory") -> "Memory":
        return Memory(self.rss + other.rss, self.pss + other.pss, self.anonymous + other.anonymous)


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads that the process has or had, and of its children that ended. 0.0: it is gone."""
    stat = _stat(pid)
    if stat is None:
        return 0.0
    reaped = (int(stat[13]) + int(stat[14])) / _TICK
    try:
        # The same time as utime + stime of /proc/PID/stat, in nanoseconds instead of ticks of 10 ms.
        own = time.clock_gettime((~pid << 3) | 2)
    except OSError:
        own = (int(stat[11]) + int(stat[12])) / _TICK
    return own + reaped


def jit_seconds(pid: int) -> float:
    """CPU time of a JVM's compiler threads. 0.0: it has none."""
    total = 0.0
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return 0.0
    for thread in threads:
        base = f"/proc/{pid}/task/{thread}"
        if _read(base + "/comm").startswith(_JIT_THREADS):
            on_cpu = _read(base + "/schedstat").split()
            if on_cpu:
                total += int(on_cpu[0]) / 1e9
    return total


def memory(pid: int) -> Memory:
    """Zeros: the process is gone."""
    fields = {}
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines()[1:]:
        name, _, rest = line.partition(":")
        fields[name] = int(rest.split()[0])
    return Memory(fields.get("Rss", 0), fields.get("Pss", 0), fields.get("Anonymous", 0))


def threads(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


def maps(pid: int, ending: str) -> bool:
    """Whether a file whose name ends so is mapped into it."""
    return any(line.endswith(ending) for line in _read(f"/proc/{pid}/maps").splitlines())


def descendants(pid: int) -> List[int]:
    """Without itself, parents before children."""
    children: Dict[int, List[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            stat = _stat(int(entry))
            if stat is not None:
                children.setdefault(int(stat[1]), []).append(int(entry))
    found: List[int] = []
    todo = [pid]
    while todo:
        for child in children.get(todo.pop(0), []):
            found.append(child)
            todo.append(child)
    return found


def group_members(group: int) -> List[int]:
    """Processes of a process group that are not zombies."""
    members = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            stat = _stat(int(entry))
            if stat is not None and int(stat[2]) == group and stat[0] != "Z":
                members.append(int(entry))
    return members


def machine_busy(seconds: float) -> float:
    """The part of the machine that is in use meanwhile, 0.0 to 1.0; time that a hypervisor took away counts as used."""
    before = _cpu_times()
    time.sleep(seconds)
    after = _cpu_times()
    spent = [b - a for a, b in zip(before, after)]
    total = sum(spent[:8])
    idle = spent[3] + spent[4]
    return 0.0 if total <= 0 else 1.0 - idle / total


def disk_bytes(directory: str) -> int:
    """What the files below really take, preallocated parts that were never written not counted twice."""
    total = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                total += os.stat(os.path.join(folder, name)).st_blocks * 512
            except OSError:
                continue
    return total


def file_bytes(directory: str) -> int:
    """How long the files below are."""
    total = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                total += os.stat(os.path.join(folder, name)).st_size
            except OSError:
                continue
    return total


def total_memory(pids: Iterable[int]) -> Memory:
    total = Memory(0, 0, 0)
    for pid in pids:
        total = total.plus(memory(pid))
    return total


def _cpu_times() -> List[int]:
    return [int(word) for word in _read("/proc/stat").splitlines()[0].split()[1:]]


def _stat(pid: int):
    """The fields after the name: state, ppid, pgrp, ...; utime is the 12th. None: it is gone."""
    text = _read(f"/proc/{pid}/stat")
    end = text.rfind(")")
    return None if end < 0 else text[end + 2 :].split()


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
