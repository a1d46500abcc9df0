"""Which measurements belong to the quick, the default and the full set."""

from dataclasses import dataclass, replace
from typing import Tuple

from .contestants import ALL, ALL_COMPRESSIONS

PARTS = ("memory", "idle", "ready", "restart", "outage", "load", "growth")


@dataclass(frozen=True)
class Load:
    """Phases of one start. `burst`: how many events at once, 0: none. `allocation`: the rates at which it is counted."""

    shards: int
    rates: Tuple[int, ...]
    repeats: int
    burst: int
    sustain: bool
    warm_rounds: int
    allocation: Tuple[int, ...] = ()

    def seconds(self, rate: int) -> float:
        """Short where many events come: their number makes a figure, not the time."""
        return 3.0 if rate <= 1_000 else 2.5 if rate <= 2_000 else 2.0 if rate <= 10_000 else 1.5


@dataclass(frozen=True)
class Outage:
    events: int
    compress: str = "zlib-stream"


@dataclass(frozen=True)
class Set:
    """`memory`: (shards, workers) pairs. `narrow`: the load for compressions other than zlib-stream, for `narrow_contestants`."""

    name: str
    parts: Tuple[str, ...]
    compressions: Tuple[str, ...]
    contestants: Tuple[str, ...]
    starts: int
    load: Load
    narrow: Load
    narrow_contestants: Tuple[str, ...]
    memory: Tuple[Tuple[int, int], ...]
    settle: float
    idle_shards: int
    idle_seconds: float
    ready: Tuple[Tuple[int, int], ...]
    restarts: int
    restart_starts: int
    outage: Outage
    growth: Tuple[int, ...]


_WIDE = Load(
    shards=16,
    rates=(1_000, 2_000, 5_000, 10_000, 20_000),
    repeats=2,
    burst=30_000,
    sustain=True,
    warm_rounds=5,
    allocation=(5_000, 20_000),
)
_NARROW = replace(_WIDE, rates=(2_000, 10_000), repeats=1, sustain=False, warm_rounds=4, allocation=())

_EVERYONE = tuple(contestant.name for contestant in ALL)

DEFAULT = Set(
    name="default",
    parts=PARTS,
    compressions=ALL_COMPRESSIONS,
    contestants=tuple(name for name in _EVERYONE if name != "discordjs-workers"),
    starts=1,
    load=_WIDE,
    narrow=_NARROW,
    narrow_contestants=("gw", "floor", "discordjs", "discordeno-pool"),
    memory=((1, 1), (25, 1), (100, 1), (1_000, 1), (5_000, 1), (100, 2), (100, 4)),
    settle=4,
    idle_shards=1_000,
    idle_seconds=20,
    ready=((80, 16),),
    restarts=3,
    restart_starts=1,
    outage=Outage(80_000),
    growth=(1, 1_000),
)

QUICK = replace(
    DEFAULT,
    name="quick",
    parts=("memory", "load"),
    compressions=("zlib-stream",),
    contestants=("gw", "floor", "discordjs"),
    load=replace(_WIDE, rates=(2_000, 10_000), repeats=2, sustain=False, warm_rounds=4, allocation=()),
    memory=((1, 1), (25, 1)),
)

FULL = replace(
    DEFAULT,
    name="full",
    contestants=_EVERYONE,
    starts=3,
    load=replace(_WIDE, repeats=3, warm_rounds=10),
    narrow=replace(_WIDE, repeats=2, warm_rounds=10, allocation=()),
    narrow_contestants=_EVERYONE,
    settle=15,
    ready=((80, 16), (16, 1), (500, 16)),
    restarts=3,
    restart_starts=3,
    outage=Outage(400_000),
    growth=(1, 100, 1_000, 5_000),
)

SETS = {chosen.name: chosen for chosen in (QUICK, DEFAULT, FULL)}
