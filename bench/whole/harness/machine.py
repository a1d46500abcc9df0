"""What a figure was measured on, and with which versions."""

import glob
import json
import os
import platform
import re
from typing import Dict

from .contestants import node
from .workplace import Workplace, output


def machine() -> Dict[str, object]:
    return {
        "cpu": _field("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memoryMiB": int((_field("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) // 1024,
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "system": _field("/etc/os-release", "PRETTY_NAME", "=").strip('"'),
        "virtual": "hypervisor" in _field("/proc/cpuinfo", "flags").split(),
    }


def versions(place: Workplace, jdk: str) -> Dict[str, str]:
    """By name; what isn't installed is left out."""
    found = {
        "gw": f"{_number(output([place.gw, '--version']))} ({_commit(place)})",
        "Java": _field(os.path.join(jdk, "release"), "JAVA_RUNTIME_VERSION", "=").strip('"'),
        "gcc": _number(output(["gcc", "-dumpfullversion"])),
        "zlib": _header("zlib.h", "ZLIB_VERSION"),
        "zstd": _zstd(),
        "Node": _number(output([node(place), "--version"])),
        "Python": platform.python_version(),
    }
    found.update(_packages(place))
    for jar in glob.glob(place.path("bench", "target", "gw-bench", "lib", "JDA-*.jar")):
        found["JDA"] = _number(os.path.basename(jar))
    return {name: version for name, version in found.items() if version}


def _number(text: str) -> str:
    found = re.search(r"\d+(\.\d+)+", text)
    return found.group(0) if found else ""


def _packages(place: Workplace) -> Dict[str, str]:
    """Of the peers in Node, as their lock file has them."""
    try:
        with open(place.path("bench", "whole", "peers", "package-lock.json"), encoding="utf-8") as file:
            packages = json.load(file)["packages"]
    except (OSError, ValueError, KeyError):
        return {}
    wanted = packages.get("", {}).get("dependencies", {})
    return {name: packages.get(f"node_modules/{name}", {}).get("version", version) for name, version in wanted.items()}


def _commit(place: Workplace) -> str:
    commit = output(["git", "-C", place.gw_root, "rev-parse", "--short=12", "HEAD"])
    changed = output(["git", "-C", place.gw_root, "status", "--porcelain", "--untracked-files=no"])
    return f"commit {commit}, with changes" if changed else f"commit {commit}"


def _field(path: str, name: str, separator: str = ":") -> str:
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                key, _, value = line.partition(separator)
                if key.strip() == name:
                    return value.strip()
    except OSError:
        pass
    return ""


def _header(header: str, macro: str) -> str:
    for folder in ("/usr/include", "/usr/local/include"):
        try:
            with open(os.path.join(folder, header), encoding="utf-8", errors="replace") as file:
                found = re.search(rf'#define\s+{macro}\s+"?([^"\s]+)', file.read())
                if found:
                    return found.group(1)
        except OSError:
            continue
    return ""


def _zstd() -> str:
    parts = [_header("zstd.h", f"ZSTD_VERSION_{part}") for part in ("MAJOR", "MINOR", "RELEASE")]
    return ".".join(parts) if all(parts) else ""
