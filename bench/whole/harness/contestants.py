"""Who is measured: how each is started, and which of its processes is what."""

import glob
import os
import re
from dataclasses import dataclass
from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

from . import linux
from .children import Child
from .workplace import Workplace, output

ALL_COMPRESSIONS = ("none", "zlib-stream", "zstd-stream")
INTENTS = "GUILDS,GUILD_MESSAGES,DIRECT_MESSAGES"
# It only has to look like one: the id of a bot, in base64, comes first.
TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAwMQ.x.y"


class Job(NamedTuple):
    """What a contestant is to do. `api` has Discord's version at its end."""

    api: str
    bot: str
    shards: int
    compress: str
    state_dir: str
    workers: int = 1


class Command(NamedTuple):
    argv: List[str]
    environment: Dict[str, str]


@dataclass(frozen=True)
class Contestant:
    """`compressions`: those that it can do. `warm_rate`: events a second that it carries for sure. `roles`: names of its processes."""

    name: str
    title: str
    peer: bool
    command: Callable[[Workplace, Job], Command]
    compressions: Tuple[str, ...] = ALL_COMPRESSIONS
    warm_rate: int = 5_000
    jvm: bool = False
    roles: Tuple[str, ...] = ("client",)
    own: bool = False

    def can(self, compress: str) -> bool:
        return compress in self.compressions


class Running:
    """One that was started."""

    def __init__(self, place: Workplace, contestant: Contestant, job: Job):
        self.contestant = contestant
        self.job = job
        self._place = place
        command = contestant.command(place, job)
        self.shown = shown(place, command, job)
        self.child: Child = place.children.start(contestant.name, command.argv, command.environment)

    def processes(self) -> Dict[str, List[int]]:
        """Process ids by role."""
        below = linux.descendants(self.child.pid)
        if self.contestant.own:
            return {"supervisor": [self.child.pid], "worker": below}
        return {"client": [self.child.pid] + below}

    def stop(self) -> None:
        self._place.children.stop(self.child)
        self._place.forget(self.job.state_dir)


def shown(place: Workplace, command: Command, job: Job) -> str:
    """The command line as a person would type it at the root of the sources."""
    words = [f"{name}={value}" for name, value in command.environment.items()] + command.argv
    text = re.sub(r"\S+/bin/java ", "java ", " ".join(words).replace(place.root + os.sep, ""))
    for value, word in ((job.state_dir, "DIR"), (job.bot, "BOT"), (job.api, "API"), (job.api.rsplit("/v", 1)[0], "API")):
        text = text.replace(value, word)
    return text


def gw_command(place: Workplace, job: Job, more: Tuple[str, ...] = (), token: str = TOKEN) -> Command:
    argv = [
        place.gw, "start",
        "--api-url", job.api.rsplit("/v", 1)[0],
        "--url", job.bot,
        "--intents", INTENTS,
        "--max-shards", str(job.shards),
        "--shards-per-cluster", str(-(-job.shards // job.workers)),
        "--max-clusters", str(job.workers),
        "--compress", job.compress,
        "--state-dir", job.state_dir,
        "--plain",
    ]  # fmt: skip
    return Command(argv + list(more), {"DISCORD_TOKEN": token, "GW_NO_BUILD": "1"})


BATCHED = ("--batch-max", "64", "--batch-linger", "2ms")


def _batched(place: Workplace, job: Job) -> Command:
    return gw_command(place, job, BATCHED)


def _floor(*more: str) -> Callable[[Workplace, Job], Command]:
    def command(place: Workplace, job: Job) -> Command:
        argv = [
            place.path("bench", "whole", "native", "target", "floor"),
            "--api", job.api,
            "--url", job.bot,
            "--shards", str(job.shards),
            "--compress", job.compress,
        ]  # fmt: skip
        return Command(argv + list(more), {})

    return command


def _peer_environment(job: Job, mode: str) -> Dict[str, str]:
    environment = {"API": job.api, "BOT": job.bot, "SHARDS": str(job.shards), "COMPRESS": job.compress, "TOKEN": TOKEN}
    if mode:
        environment["MODE"] = mode
    return environment


def node(place: Workplace) -> str:
    """The one that the peers' own installation brings; the system's where there is none."""
    brought = place.path("bench", "whole", "peers", "node_modules", ".bin", "node")
    return brought if os.path.exists(brought) else "node"


def _node(program: str, mode: str = "") -> Callable[[Workplace, Job], Command]:
    def command(place: Workplace, job: Job) -> Command:
        return Command([node(place), place.path("bench", "whole", "peers", program)], _peer_environment(job, mode))

    return command


def _jda(place: Workplace, job: Job) -> Command:
    java = os.path.join(output([place.path("bin", "find-jdk")]), "bin", "java")
    path = place.path("bench", "target", "classes") + ":" + place.path("bench", "target", "gw-bench", "lib", "*")
    return Command([java, "-cp", path, "gw.bench.peer.JdaPeer"], _peer_environment(job, ""))


GW = Contestant("gw", "gw", False, gw_command, jvm=True, roles=("supervisor", "worker"), own=True)

ALL: Tuple[Contestant, ...] = (
    GW,
    Contestant("gw-batched", "gw, batched delivery", False, _batched, jvm=True, roles=("supervisor", "worker"), own=True),
    Contestant("floor", "floor (C)", False, _floor()),
    Contestant("floor-pipeline", "floor (C), pipelined", False, _floor("--pipeline")),
    Contestant("discordjs", "@discordjs/ws, undici pool", True, _node("discordjs.mjs"), ("none", "zlib-stream")),
    Contestant(
        "discordjs-workers",
        "@discordjs/ws, worker threads",
        True,
        _node("discordjs.mjs", "workers"),
        ("none", "zlib-stream"),
    ),
    Contestant("discordeno-pool", "@discordeno/gateway, undici pool", True, _node("discordeno.mjs", "pool")),
    Contestant(
        "discordeno-fetch", "@discordeno/gateway, fetch", True, _node("discordeno.mjs", "fetch"), warm_rate=1_000
    ),
    Contestant("jda", "JDA, raw events", True, _jda, ("none", "zlib-stream"), jvm=True),
)

BY_NAME = {contestant.name: contestant for contestant in ALL}
TITLES = {contestant.name: contestant.title for contestant in ALL}
PEERS = tuple(contestant.name for contestant in ALL if contestant.peer)


def why_not(place: Workplace, contestant: Contestant, reasons: Dict[str, str]) -> Optional[str]:
    """Why it can't take part, as far as can be told before; `reasons` come from the preparations."""
    if contestant.name in reasons:
        return reasons[contestant.name]
    if contestant.name == "jda" and not glob.glob(place.path("bench", "target", "gw-bench", "lib", "*JDA*.jar")):
        return "its program isn't built: 'mvn -Pbench package -DskipTests'"
    return None
