"""The generator and receiver of the loaded measurements, driven over its standard streams."""

import json
from typing import Optional

from .failures import MeasurementFailed
from .workplace import Workplace

# Beside the time that a phase takes by plan: encoding before it, waiting for what is late after it.
_PATIENCE = 200.0


class Blast:
    """A running one: a fake Discord that sends ready bytes, and the bot that takes what comes back."""

    def __init__(self, place: Workplace, events: str, shards: int):
        argv = [
            place.path("bench", "whole", "native", "target", "blast"),
            "--events", events,
            "--shards", str(shards),
            "--max-concurrency", str(max(1, min(shards, 10_000))),
        ]  # fmt: skip
        self.argv = argv
        self._child = place.children.start("blast", argv, speaks=True)
        ready = self._answer(60)
        self.api: str = ready["api"]
        self.bot: str = ready["bot"]
        self.pid: int = self._child.pid

    @property
    def child(self):
        return self._child

    def wait(self, shards: int, seconds: float) -> None:
        ready = self._ask(f"wait {shards} {seconds:g}", seconds)["ready"]
        if ready < shards:
            raise MeasurementFailed(f"{ready} of {shards} shards were ready after {seconds:g} s")

    def run(self, rate: float, seconds: float) -> dict:
        return self._ask(f"run {rate:g} {seconds:g}", seconds)

    def sustain(self, rate: float, seconds: float) -> dict:
        return self._ask(f"sustain {rate:g} {seconds:g}", seconds)

    def burst(self, count: int) -> dict:
        return self._ask(f"burst {count}", 120)

    def down(self) -> None:
        self._ask("down", 10)

    def up(self) -> None:
        self._ask("up", 10)

    def drain(self) -> dict:
        return self._ask("drain", 60)

    def _ask(self, line: str, seconds: float) -> dict:
        self._child.say(line)
        answer = self._answer(seconds + _PATIENCE)
        if "error" in answer:
            raise MeasurementFailed(f"blast, {line}: {answer['error']}")
        return answer

    def _answer(self, seconds: float) -> dict:
        _, line = self._child.line(seconds)
        try:
            answer: Optional[dict] = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise MeasurementFailed(f"blast said what is no JSON object: {line[:200]}")
        return answer
