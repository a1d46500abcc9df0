#!/usr/bin/env python3
"""Holds blast and floor to what they promise, in the build that DIRECTORY has: check.py DIRECTORY (see 'make check')."""

import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request

GUILD = "1234567890123456789"


def write_events(path):
    with open(path, "w") as out:
        for i in range(200):
            guild = {} if i % 50 == 0 else {"guild_id": GUILD, "again": ["x", GUILD]}
            data = {"id": str(10**18 + i), "content": f'"s":{i} {{"shardId":7}} é\n' * (i % 40), "s": 5, **guild}
            out.write(json.dumps({"t": "MESSAGE_CREATE", "s": 0, "op": 0, "d": data}, separators=(",", ":")) + "\n")


class Blast:
    def __init__(self, directory, events, shards):
        self.process = subprocess.Popen(
            [f"{directory}/blast", "--events", events, "--shards", str(shards), "--guilds", "3"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said = json.loads(self.process.stdout.readline())
        self.api, self.bot = said["api"], said["bot"]
        self.api_port, self.bot_port = (int(url.split(":")[2].split("/")[0]) for url in (self.api, self.bot))

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        code = self.process.wait(10)
        assert code == 0, f"blast ended with {code}"


class GatewayClient:
    """One shard without compression, which sends its frames in awkward ways."""

    def __init__(self, blast):
        self.socket = socket.create_connection(("127.0.0.1", blast.api_port))
        self.socket.settimeout(20)
        self.file = self.socket.makefile("rb")
        self.socket.sendall(b"GET /?v=10&encoding=json HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.file.readline()
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head, head  # RFC 6455's own example
        assert self.read()["op"] == 10

    def frame(self, opcode, payload, fin=True):
        mask = os.urandom(4)
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0xFE]) + struct.pack(">H", len(payload))
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        self.socket.sendall(bytes([(0x80 if fin else 0) | opcode]) + length + mask + masked)

    def send(self, message, pieces=1):
        text = json.dumps(message).encode()
        size = -(-len(text) // pieces)
        for i in range(pieces):
            self.frame(1 if i == 0 else 0, text[i * size:(i + 1) * size], fin=i == pieces - 1)

    def read_frame(self):
        first, second = self.file.read(2)
        length = second & 0x7F
        if length >= 126:
            length = int.from_bytes(self.file.read(2 if length == 126 else 8), "big")
        return first & 15, self.file.read(length)

    def read_text(self):
        opcode, payload = self.read_frame()
        assert opcode == 1, opcode
        return payload.decode()

    def read(self):
        return json.loads(self.read_text())

    def identify(self, shard=0, shards=1):
        self.send({"d": {"shard": [shard, shards], "token": "x", "intents": 1}, "op": 2}, pieces=3)
        ready = self.read()
        assert ready["t"] == "READY" and ready["s"] == 1, ready
        guilds = [self.read()["d"]["id"] for _ in range(3)]
        assert guilds == [guild["id"] for guild in ready["d"]["guilds"]]
        assert all((int(guild) >> 22) % shards == shard and len(guild) == 19 for guild in guilds)
        return ready["d"]["session_id"], guilds

    def dispatches(self, count):
        texts = []
        while len(texts) < count:
            text = self.read_text()
            if '"op":11' not in text[:40]:
                texts.append(text)
        return texts


def counts(result, **expected):
    for name, value in expected.items():
        assert result[name] == value, (name, value, result)


def floor_against_blast(directory, events):
    for compress in ("none", "zlib-stream", "zstd-stream"):
        for more in ([], ["--pipeline"], ["--connections", "2"]):
            with Blast(directory, events, 7) as blast:
                floor = subprocess.Popen(
                    [f"{directory}/floor", "--api", blast.api, "--url", blast.bot, "--shards", "7", "--compress", compress]
                    + more, stdout=subprocess.PIPE, text=True)
                assert floor.stdout.readline() == "ready\n"
                assert blast.ask("wait 7 10") == {"ready": 7}
                blast.ask("burst 1")  # what READY brought is delivered before what is counted begins
                for command in ("run 1000 1", "burst 5000", "sustain 2000 0.5"):
                    result = blast.ask(command)
                    counts(result, received=result["sent"], requests=result["sent"], duplicates=0, missing=0, disconnects=0,
                           unknown=0)
                    assert result["sent"] > 900 and 0 < result["p50"] <= result["p99"] <= result["max"], result
                floor.terminate()
                floor.wait(10)
        print(f"floor and blast, {compress}: ok")


def requests_of(bodies, style):
    head = b"POST /events HTTP/1.1\r\nhost: x\r\n"
    for body in bodies:
        body = body.encode()
        if style == "chunked":
            parts = [body[i:i + 100] for i in range(0, len(body), 100)]
            chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
            yield head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
        else:
            yield head + b"content-LENGTH:%d\r\n\r\n" % len(body) + body


def post(blast, bodies, style):
    """Each body as a request; all answers must come, in whichever pieces the requests went."""
    requests = list(requests_of(bodies, style))
    with socket.create_connection(("127.0.0.1", blast.bot_port)) as connection:
        connection.settimeout(20)
        sent = b"".join(requests)
        size = 7 if style == "pieces" else 50_000
        sender = threading.Thread(target=lambda: [connection.sendall(sent[i:i + size]) for i in range(0, len(sent), size)])
        sender.start()
        answers = b""
        while len(answers) < 27 * len(requests):
            got = connection.recv(65536)
            assert got, "closed"
            answers += got
        sender.join()
    assert answers == b"HTTP/1.1 204 No Content\r\n\r\n" * len(requests), answers


def receiver_takes_all_forms(directory, events):
    forms = {
        "plain": (lambda bodies: bodies, {}),
        "pieces": (lambda bodies: bodies, {}),
        "chunked": (lambda bodies: bodies, {}),
        "array": (lambda bodies: ["[" + ",".join(bodies) + "]"], {}),
        "ndjson": (lambda bodies: ["\n".join(bodies) + "\n"], {}),
        "twice": (lambda bodies: bodies + bodies[:-1], {"duplicates": 39}),
        "unknown": (lambda bodies: ["{}", "", "[]", '{"shardId":9,"data":{"s":1}}', '{"shardId":0,"data":{"s":99999}}',
                                    '{"shardId":x', '{"shardId":0}'] + bodies, {"unknown": 7}),
        "missing": (lambda bodies: bodies[1:], {"missing": 1, "received": 39}),
    }
    with Blast(directory, events, 1) as blast:
        client = GatewayClient(blast)
        _, guilds = client.identify()
        for style, (form, expected) in forms.items():
            result = {}
            asked = threading.Thread(target=lambda: result.update(blast.ask("burst 40")))
            asked.start()
            texts = client.dispatches(40)
            sequences = [json.loads(text)["s"] for text in texts]
            assert sequences == list(range(sequences[0], sequences[0] + 40)), sequences
            assert all(text.startswith('{"t":"MESSAGE_CREATE","s":') and GUILD not in text for text in texts)
            assert {json.loads(text)["d"].get("guild_id") for text in texts} <= {None, *guilds}
            if style == "twice":  # the last one is sent later, so that the phase still goes on at the second ones
                texts = texts[-1:] + texts[:-1]
                texts = texts[1:] + texts[:1]
            bodies = form([f'{{"shardId":0,"data":{text}}}' for text in texts])
            if style == "twice":
                post(blast, bodies[:39] + bodies[40:], style)
                bodies = bodies[39:40]
            post(blast, bodies, style)
            asked.join()
            counts(result, **{"sent": 40, "received": 40, "missing": 0, "duplicates": 0, "unknown": 0, "disconnects": 0, **expected})
        client.send({"op": 1, "d": 5}, pieces=2)
        assert client.read()["op"] == 11
        client.frame(9, b"are you there?")
        assert client.read_frame() == (10, b"are you there?")
    print("all forms of requests: ok")


def sessions_resume_when_nothing_is_missing(directory, events):
    with Blast(directory, events, 1) as blast:
        client = GatewayClient(blast)
        session, _ = client.identify()
        client.socket.close()
        client.file.close()
        while blast.ask("wait 0 0")["ready"] == 1:
            pass
        client = GatewayClient(blast)
        client.send({"op": 6, "d": {"token": "x", "session_id": session, "seq": 3}})
        assert client.read() == {"t": None, "s": None, "op": 9, "d": False}
        client.send({"op": 6, "d": {"token": "x", "session_id": session, "seq": 4}})
        resumed = client.read()
        assert resumed["t"] == "RESUMED" and resumed["s"] == 5, resumed
        client.frame(8, struct.pack(">H", 1000))
        assert client.read_frame() == (8, struct.pack(">H", 1000))
        assert client.file.read() == b""
        assert blast.ask("run 10 1") == {"error": "not all shards are ready"}
    print("sessions: ok")


def a_lost_connection_is_counted(directory, events):
    with Blast(directory, events, 1) as blast:
        client = GatewayClient(blast)
        client.identify()
        result = {}
        asked = threading.Thread(target=lambda: result.update(blast.ask("run 200 1")))
        asked.start()
        client.dispatches(20)
        client.file.close()
        client.socket.close()
        asked.join()
        assert result["disconnects"] == 1 and result["sent"] < 200 and result["missing"] == result["sent"], result
    print("a lost connection: ok")


def the_bot_goes_and_comes_back(directory, events):
    with Blast(directory, events, 1) as blast:
        client = GatewayClient(blast)
        client.identify()
        assert blast.ask("down") == {"ok": True}
        try:
            socket.create_connection(("127.0.0.1", blast.bot_port)).close()
            raise AssertionError("it still listens")
        except ConnectionRefusedError:
            pass
        counts(blast.ask("burst 100"), sent=100, received=0, missing=100)
        texts = client.dispatches(100)
        assert blast.ask("up") == {"ok": True}
        bodies = [f'{{"shardId":0,"data":{text}}}' for text in texts]
        sender = threading.Thread(target=lambda: post(blast, bodies, "plain"))
        sender.start()
        counts(blast.ask("drain"), received=100, missing=0)
        sender.join()
    print("down and up: ok")


def rest_answers(directory, events):
    with Blast(directory, events, 3) as blast:
        base = blast.api.removesuffix("/api/v10")
        for prefix in ("", "/api", "/v10", "/api/v10"):
            for path in ("/gateway", "/gateway/bot", "/users/@me", "/applications/@me", "/oauth2/applications/@me?x=1"):
                with urllib.request.urlopen(base + prefix + path) as answer:
                    assert answer.status == 200
                    said = json.load(answer)
                    if path == "/gateway/bot":
                        assert said["shards"] == 3 and said["session_start_limit"]["max_concurrency"] == 16
        try:
            urllib.request.urlopen(base + "/nothing")
            raise AssertionError("no 404")
        except urllib.error.HTTPError as error:
            assert error.code == 404 and json.load(error)["code"] == 0
        for wrong in ("", "run", "run 1", "run 0 1", "run 5 x", "burst", "burst -1", "burst 99999999", "run 1000000 600",
                      "wait x", "nonsense", "runner 1 1"):
            if wrong:
                assert "error" in blast.ask(wrong), wrong
    print("REST and errors: ok")


def command_lines(directory, events):
    for program, arguments, code in (
            ("blast", ["--help"], 0), ("floor", ["--help"], 0), ("blast", [], 2), ("floor", [], 2),
            ("blast", ["--events", events, "--shards", "0"], 2), ("blast", ["--events", "/nothing", "--shards", "1"], 1),
            ("blast", ["--events", __file__, "--shards", "1"], 1), ("blast", ["--bad"], 2), ("blast", ["stray"], 2),
            ("floor", ["--api", "x", "--url", "y", "--shards", "1"], 2),
            ("floor", ["--api", "http://127.0.0.1:1/", "--url", "http://127.0.0.1:1/", "--shards", "1"], 1)):
        done = subprocess.run([f"{directory}/{program}", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=20)
        assert done.returncode == code, (program, arguments, done)
        assert bool(done.stdout) == (code == 0) and bool(done.stderr) == (code != 0), (program, arguments, done)
    print("command lines: ok")


def main():
    directory = sys.argv[1]
    with tempfile.TemporaryDirectory() as temporary:
        events = f"{temporary}/events.jsonl"
        write_events(events)
        command_lines(directory, events)
        rest_answers(directory, events)
        sessions_resume_when_nothing_is_missing(directory, events)
        a_lost_connection_is_counted(directory, events)
        the_bot_goes_and_comes_back(directory, events)
        receiver_takes_all_forms(directory, events)
        floor_against_blast(directory, events)


if __name__ == "__main__":
    main()
