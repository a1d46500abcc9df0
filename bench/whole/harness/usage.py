"""CPU time and allocation of a contestant between two moments."""

import os
import re
import time
from typing import Dict, List

from . import linux
from .contestants import Running
from .workplace import output

_EDEN = re.compile(r"eden space.*\[(0x[0-9a-f]+), (0x[0-9a-f]+), (0x[0-9a-f]+)\)")


class Cpu:
    """CPU seconds since it was made, by role; those of a JVM's compiler threads apart, under "jit", and not in the roles."""

    def __init__(self, running: Running):
        self._running = running
        self._processes = running.processes()
        self._before = self._read()

    def _read(self) -> Dict[int, tuple]:
        jvm = self._running.contestant.jvm
        return {
            pid: (linux.cpu_seconds(pid), linux.jit_seconds(pid) if jvm else 0.0)
            for pids in self._processes.values()
            for pid in pids
        }

    def spent(self, settle: float = 0.2) -> Dict[str, float]:
        """`settle`: seconds for what still belongs to the work, such as acknowledgements and the disk."""
        time.sleep(settle)
        self._running.child.check()
        after = self._read()
        result = {"jit": 0.0}
        for role, pids in self._processes.items():
            result[role] = 0.0
            for pid in pids:
                cpu = after[pid][0] - self._before[pid][0]
                # A compiler thread that ended takes its time out of the sum of the threads alone.
                jit = max(0.0, after[pid][1] - self._before[pid][1])
                result[role] += cpu - jit
                result["jit"] += jit
        result["total"] = sum(result[role] for role in self._processes)
        return result


class Allocation:
    """Bytes that JVMs with the Serial collector allocate, by role: collections times eden, and what fills eden at the end.

    jstat's "eden used" is of the last collection, so GC.heap_info says how full eden is.
    """

    def __init__(self, java_home: str, running: Running):
        self._bin = os.path.join(java_home, "bin")
        self._processes = running.processes()
        for pid in self._pids():
            # The first question loads classes in the JVM that is asked.
            self._eden(pid)
        self._before = self._read()

    def _pids(self) -> List[int]:
        return [pid for pids in self._processes.values() for pid in pids]

    def allocated(self) -> Dict[str, dict]:
        """Not `exact`: a full collection emptied eden early, or eden changed its size."""
        after = self._read()
        result = {}
        for role, pids in self._processes.items():
            total, collections, exact = 0, 0, True
            for pid in pids:
                young, full, grown, used = (b - a for a, b in zip(self._before[pid], after[pid]))
                total += young * self._before[pid][2] + used
                collections += young
                exact = exact and full == 0 and grown == 0
            result[role] = {"bytes": total, "collections": collections, "exact": exact}
        return result

    def _read(self) -> Dict[int, tuple]:
        return {pid: self._collections(pid) + self._eden(pid) for pid in self._pids()}

    def _collections(self, pid: int) -> tuple:
        lines = output([os.path.join(self._bin, "jstat"), "-gc", str(pid)]).splitlines()
        if len(lines) < 2:
            raise ValueError(f"jstat -gc {pid}: {' '.join(lines)[:200]}")
        columns = dict(zip(lines[-2].split(), lines[-1].split()))
        return int(columns["YGC"]), int(columns["FGC"])

    def _eden(self, pid: int) -> tuple:
        """Its capacity, and how much of it is in use."""
        text = output([os.path.join(self._bin, "jcmd"), str(pid), "GC.heap_info"])
        found = _EDEN.search(text)
        if not found:
            raise ValueError(f"jcmd {pid} GC.heap_info says nothing of eden (another collector?): {text[:200]}")
        start, top, end = (int(word, 16) for word in found.groups())
        return end - start, top - start
