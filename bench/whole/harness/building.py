"""Builds what a run needs, and says what has to be installed."""

import glob
import os
import shutil
import subprocess
from typing import Dict, List, Optional, Tuple

from .contestants import BATCHED, BY_NAME
from .failures import MeasurementFailed, MissingTool
from .workplace import Workplace, output

_NATIVE_HEADERS = (("zlib.h", "zlib1g-dev"), ("zstd.h", "libzstd-dev"))
_EVENTS = 4_096
_AOT = ("gw-supervisor.aot", "gw-worker.aot")


def check_tools(loaded: bool, peers: bool) -> None:
    """Before anything is built or measured."""
    if not os.path.isdir("/proc/self/task"):
        raise MissingTool("this system has no /proc", "Measure on Linux.")
    missing: List[Tuple[str, str]] = []
    if loaded:
        missing += [(tool, tool) for tool in ("gcc", "make") if not shutil.which(tool)]
        if shutil.which("gcc"):
            missing += [(header, package) for header, package in _NATIVE_HEADERS if not _compiles(header)]
    if loaded and peers:
        missing += [(tool, {"node": "nodejs"}.get(tool, tool)) for tool in ("node", "npm") if not shutil.which(tool)]
    if missing:
        packages = " ".join(dict.fromkeys(package for _, package in missing))
        advice = f"Install them; on Debian and Ubuntu: apt install {packages}"
        if any(tool in ("node", "npm") for tool, _ in missing):
            advice += ". Or leave the peers out: --no-peers"
        raise MissingTool("not found: " + ", ".join(tool for tool, _ in missing), advice)


def _compiles(header: str) -> bool:
    done = subprocess.run(
        ["gcc", "-E", "-x", "c", "-"], input=f"#include <{header}>\n".encode(), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return done.returncode == 0


def java_home(place: Workplace) -> str:
    done = subprocess.run(
        [place.path("bin", "find-jdk")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False
    )
    if done.returncode != 0:
        raise MissingTool("no JDK 25", done.stderr.decode().strip())
    return done.stdout.decode().strip()


def gw(place: Workplace, jdk: str) -> List[str]:
    """By bin/gw itself, with its caches for fast starts; warnings, if there are any."""
    _step(place, "gw", [place.gw, "--version"], 900)
    home = os.path.join(place.gw_root, "supervisor", "target", "gw")
    aot = os.path.join(home, "aot")
    jars = glob.glob(os.path.join(home, "lib", "gw-*.jar"))
    newest = max((os.path.getmtime(jar) for jar in jars), default=0)
    # Another build may have written the jars since, and a JVM takes no cache of other jars.
    if all(os.path.exists(os.path.join(aot, name)) and os.path.getmtime(os.path.join(aot, name)) >= newest for name in _AOT):
        return []
    try:
        _step(place, "caches for fast starts", [os.path.join(place.gw_root, "bin", "gw-train"), home, os.path.join(jdk, "bin", "java")], 300)
        return []
    except MeasurementFailed as error:
        return [f"gw runs without its AOT caches: memory and starts are worse than a user's. {error}"]


def native(place: Workplace) -> None:
    _step(place, "blast and floor", ["make", "-s", "-C", place.path("bench", "whole", "native")], 300)


def events(place: Workplace, jdk: str) -> str:
    """The file of what blast sends, made anew when its maker or the generator of the fake Discord changed."""
    file = place.path("bench", "target", "whole", "events.jsonl")
    maker = place.path("bench", "src", "main", "java", "gw", "bench", "stream", "EventsFile.java")
    jar = place.path("supervisor", "target", "gw", "lib", "gw-sim.jar")
    if os.path.exists(file) and os.path.getmtime(file) > max(os.path.getmtime(maker), os.path.getmtime(jar)):
        return file
    os.makedirs(os.path.dirname(file), exist_ok=True)
    libraries = place.path("supervisor", "target", "gw", "lib", "*")
    fresh = file + ".next"
    # Java runs the one source file as it is: no Maven for it.
    _step(place, "events", [os.path.join(jdk, "bin", "java"), "-cp", libraries, maker, fresh, str(_EVENTS)], 120)
    os.replace(fresh, file)
    return file


def peers(place: Workplace, names: Tuple[str, ...], warnings: List[str]) -> Dict[str, str]:
    """Why a peer can't take part, by its name; `warnings` gets what makes one slower than it could be."""
    reasons: Dict[str, str] = {}
    peers_directory = place.path("bench", "whole", "peers")
    in_node = [name for name in names if BY_NAME[name].peer and name != "jda"]
    if in_node:
        try:
            said = _step(place, "peers of Node", [os.path.join(peers_directory, "install.sh")], 600)
            warnings += [line for line in said if line.startswith("peers: ")]
        except MeasurementFailed as error:
            reasons.update(dict.fromkeys(in_node, str(error)))
    return reasons


def jda(place: Workplace, jdk: str) -> Dict[str, str]:
    """By Maven, with the rest of the bench module; before gw's own build, whose jars it may write anew."""
    sources = place.path("bench", "src", "main", "java", "gw", "bench", "peer", "JdaPeer.java")
    if not os.path.exists(sources):
        return {"jda": "its program is not in these sources"}
    built = place.path("bench", "target", "classes", "gw", "bench", "peer", "JdaPeer.class")
    jars = glob.glob(place.path("bench", "target", "gw-bench", "lib", "*JDA*.jar"))
    if jars and os.path.exists(built) and os.path.getmtime(built) >= os.path.getmtime(sources):
        return {}
    if not shutil.which("mvn"):
        return {"jda": "there is no mvn to build it with"}
    argv = ["mvn", "-B", "-q", "-f", place.path("pom.xml"), "-Pbench", "package", "-DskipTests"]
    try:
        _step(place, "JDA's program (Maven)", argv, 900, {"JAVA_HOME": jdk})
    except MeasurementFailed as error:
        return {"jda": str(error)}
    return {}


def batched(place: Workplace) -> Dict[str, str]:
    if BATCHED[0] in output([place.gw, "start", "--help"]):
        return {}
    return {"gw-batched": f"this gw has no {BATCHED[0]}"}


def _step(
    place: Workplace, what: str, argv: List[str], seconds: float, environment: Optional[Dict[str, str]] = None
) -> List[str]:
    """The last lines that it said."""
    place.say(f"building: {what}")
    child = place.children.start("build", argv, environment, cwd=place.root)
    try:
        code = child.wait(seconds)
        if code is None:
            raise MeasurementFailed(f"{what}: not built within {seconds:.0f} s{child.why()}")
        if code == 69:
            raise MissingTool(f"{what} can't be built", "\n".join(child.tail(6)))
        if code != 0:
            raise MeasurementFailed(f"{what}: the build failed ({code}){child.why()}")
        return child.tail(20)
    finally:
        place.children.stop(child)
