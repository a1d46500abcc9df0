"""gw sim, the strict fake Discord, and a bot that notes when things come."""

import http.client
import http.server
import json
import threading
import time
from typing import Dict, Tuple
from urllib.parse import urlsplit

from .children import Child
from .failures import MeasurementFailed
from .workplace import Workplace


class Sim:
    """A running one."""

    def __init__(
        self,
        place: Workplace,
        shards: int,
        max_concurrency: int,
        window: str = "50ms",
        rate: float = 0,
        guilds: int = 100,
        bot: bool = True,
    ):
        argv = [
            place.gw, "sim", "--port", "0", "--json",
            "--shards", str(shards),
            "--max-concurrency", str(max_concurrency),
            "--identify-window", window,
            "--start-total", str(max(1000, 2 * shards)),
            "--rate", f"{rate:g}",
            "--guilds", str(guilds),
        ]  # fmt: skip
        if bot:
            argv += ["--bot", "--bot-port", "0"]
        self.child: Child = place.children.start("sim", argv, {"GW_NO_BUILD": "1"}, speaks=True)
        _, first = self.child.line(60)
        ready = json.loads(first)
        self.api: str = ready["apiUrl"]
        self.bot: str = ready.get("botUrl", "")
        self.token: str = ready["token"]
        self._http = http.client.HTTPConnection(urlsplit(self.api).netloc, timeout=30)

    def stats(self) -> dict:
        """Sessions, identifies, resumes, ... of now. Cheap enough to ask every few milliseconds."""
        try:
            self._http.request("GET", "/sim/stats")
            return json.loads(self._http.getresponse().read())
        except (OSError, http.client.HTTPException) as error:
            raise MeasurementFailed(f"the sim doesn't answer: {error}{self.child.why()}") from None

    def wait(self, what: str, done, seconds: float, every: float = 0.05) -> Tuple[float, dict]:
        """Until `done(stats)`; when that was, and the stats then."""
        deadline = time.monotonic() + seconds
        while True:
            stats = self.stats()
            now = time.monotonic()
            if done(stats):
                return now, stats
            if now > deadline:
                raise MeasurementFailed(f"{what}: not within {seconds:.0f} s, the sim counts {_short(stats)}")
            time.sleep(every)

    def wait_identified(self, shards: int, seconds: float) -> None:
        self.wait(
            f"{shards} shards ready",
            lambda stats: stats["identifies"] >= shards and stats["connections"] >= shards,
            seconds,
        )


def _short(stats: dict) -> str:
    return f"{stats['connections']} connections, {stats['identifies']} identifies, {stats['resumes']} resumes"


class NotingBot:
    """Takes POSTs and notes when the first event of each name came from each shard."""

    def __init__(self):
        first: Dict[Tuple[str, int], float] = {}
        self.first = first

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802 - the library's name
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                key = (self.headers.get("X-Gw-Event-Name", ""), int(self.headers.get("X-Gw-Shard-Id", -1)))
                first.setdefault(key, time.monotonic())
                self.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")

            def log_message(self, *args):
                return

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, request, client_address):
                return

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/events"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def times(self, name: str) -> Dict[int, float]:
        """By shard, when its first event of that name came."""
        return {shard: when for (event, shard), when in list(self.first.items()) if event == name}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
