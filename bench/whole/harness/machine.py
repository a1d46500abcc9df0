"""What a figure was measured on, and with which versions."""

import glob
import json
import os
import platform
import re
from typing import Dict

from .workplace import Workplace, output


def machine() -> Dict[str, object]:
    return {
        "cpu": _field("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memoryMiB": int((_field("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) // 1024,
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "system": _field("/etc/os-release", "PRETTY_NAME", "=").strip('"'),
        "virtual": output(["systemd-detect-virt"]) or _hypervisor(),
    }


def versions(place: Workplace, jdk: str) -> Dict[str, str]:
    found = {
        "gw": output([place.gw, "--version"]).splitlines()[-1:] or [""],
        "commit": [_commit(place)],
        "java": output([os.path.join(jdk, "bin", "java"), "-version"]).splitlines()[-2:-1],
        "gcc": output(["gcc", "--version"]).splitlines()[:1],
        "node": [output(["node", "--version"])],
        "python": [platform.python_version()],
        "zlib": [_header("zlib.h", "ZLIB_VERSION")],
        "zstd": [_zstd()],
    }
    versions = {name: value[0].strip() for name, value in found.items() if value and value[0]}
    versions.update(_packages(place))
    for jar in glob.glob(place.path("bench", "target", "gw-bench", "lib", "*JDA*.jar")):
        versions["JDA"] = re.sub(r".*JDA-?|\.jar$", "", os.path.basename(jar)) or "as in bench/pom.xml"
    return versions


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
    commit = output(["git", "-C", place.root, "rev-parse", "--short=12", "HEAD"])
    changed = output(["git", "-C", place.root, "status", "--porcelain", "--untracked-files=no"])
    return commit + (" with changes" if changed else "")


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


def _hypervisor() -> str:
    return "yes" if "hypervisor" in _field("/proc/cpuinfo", "flags").split() else ""


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
