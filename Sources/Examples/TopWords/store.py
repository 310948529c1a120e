"""The last bolt: keeps results in Redis, over a plain socket. usage: store.py PORT [HOST]

Counts are written as they are, not added up: writing one twice does no harm.
"""
import socket
import sys

from multilang import hello, send, tuples


class Redis:
    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=10)
        self.answers = self.socket.makefile("rb")

    def run(self, *commands):
        """Runs commands one after the other; raises an error that Redis answers."""
        data = b""
        for command in commands:
            words = [str(word).encode() for word in command]
            data += b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
        self.socket.sendall(data)
        for _ in commands:
            self._answer()

    def _answer(self):
        line = self.answers.readline()
        if not line:
            raise ConnectionError("Redis has closed the connection")
        kind, rest = line[:1], line[1:].strip()
        if kind == b"-":
            raise RuntimeError(rest.decode())
        if kind == b"$" and int(rest) >= 0:
            self.answers.read(int(rest) + 2)
        if kind == b"*":
            for _ in range(int(rest)):
                self._answer()


hello()
redis = Redis(sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1", int(sys.argv[1]))
for t in tuples():
    if t["stream"] == "top":
        (top,) = t["tuple"]
        scores = [part for word, count in top for part in (count, word)]
        redis.run(
            ("MULTI",),
            ("DEL", "topwords:now"),
            *([("ZADD", "topwords:now", *scores)] if scores else []),
            ("EXEC",),
        )
    else:
        word, count = t["tuple"]
        redis.run(("ZADD", "topwords:total", count, word))
    send(command="ack", id=t["id"])
