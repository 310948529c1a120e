"""A worker for tests: starts a component as a process and speaks with it, on either wire."""

from __future__ import annotations

import io
import json
import marshal
import os
import struct
import subprocess
import sys
import tempfile
from typing import Any, BinaryIO, Dict, List, Optional, Tuple

SOURCE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src")


#: Versions of the channel, and none.
WIRES = (2, 1, 0)


def emits_of(kind: bytes, content: bytes) -> List[Any]:
    """Of a frame of emits: stream, reference and values of each."""
    if kind == b"E":
        runs = json.loads(content.decode("utf-8", "surrogatepass"))
        return [[stream, reference, values] for stream, items in runs for reference, values in items]
    found: List[Any] = []
    stream = None
    packed = io.BytesIO(content)
    while packed.tell() < len(content):
        item = marshal.load(packed)
        if isinstance(item, tuple):
            found.append([stream, item[0], list(item[1])])
        else:
            stream = item
    return found


class Worker:
    """The other side of one component."""

    def __init__(self, script: str, channel: int, version: Optional[int] = None) -> None:
        """channel: the version that is offered; 0: none. version: what is said instead."""
        self.folder = tempfile.TemporaryDirectory()
        environment = dict(os.environ, PYTHONPATH=SOURCE, PYTHONUNBUFFERED="1")
        setup: Dict[str, Any] = {
            "pidDir": self.folder.name,
            "conf": {"topology.name": "t", "mine": 5},
            "context": {
                "taskid": 3,
                "componentid": "it",
                "task->component": {"3": "it"},
                "source->stream->fields": {"src": {"default": ["word"]}},
            },
        }
        own: List[int] = []
        if channel:
            child_read, self.write = os.pipe()
            read, child_write = os.pipe()
            own = [child_read, child_write]
            setup["channel"] = {"version": channel if version is None else version, "read": child_read, "write": child_write}
            self.read: BinaryIO = os.fdopen(read, "rb")
        self.child = subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            pass_fds=own,
        )
        for descriptor in own:
            os.close(descriptor)
        assert self.child.stdin is not None and self.child.stdout is not None
        self.uses_channel = bool(channel)
        self._say(setup)

    def _say(self, message: Any) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps(message).encode() + b"\nend\n")
        self.child.stdin.flush()

    def frame(self, kind: bytes, content: bytes) -> None:
        os.write(self.write, struct.pack("<I", len(content) + 1) + kind + content)

    def send(self, message: Any) -> None:
        """A message of the JSON protocol, on the wire in use."""
        if self.uses_channel:
            self.frame(b"J", json.dumps(message).encode())
        else:
            self._say(message)

    def next_frame(self) -> Tuple[bytes, bytes]:
        header = self.read.read(5)
        if len(header) < 5:
            return b"", b""
        length, kind = struct.unpack("<Ic", header)
        return kind, self.read.read(length - 1)

    def next(self) -> Any:
        """The next message of the JSON protocol; None at the end."""
        if self.uses_channel:
            kind, content = self.next_frame()
            while kind == b"C":
                kind, content = self.next_frame()
            assert kind in (b"J", b""), (kind, content)
            return json.loads(content.decode()) if kind else None
        assert self.child.stdout is not None
        lines: List[bytes] = []
        for line in self.child.stdout:
            if line == b"end\n":
                return json.loads(b"".join(lines).decode())
            lines.append(line)
        return None

    def tuples(self, first: int, rows: List[List[Any]], stream: str = "default", task: int = 2) -> None:
        """Tuples for a bolt."""
        if self.uses_channel:
            self.frame(b"T", json.dumps([["src", stream, task, first, rows]]).encode())
            return
        for number, row in enumerate(rows, first):
            self._say({"id": str(number), "comp": "src", "stream": stream, "task": task, "tuple": row})

    def until(self, settled: int) -> List[Any]:
        """What a bolt says until so many tuples are acked or failed, in one shape for both wires, sorted."""
        found: List[Any] = []
        count = 0
        while count < settled:
            if not self.uses_channel:
                message = self.next()
                assert message is not None, "the component has gone"
                kind = message["command"]
                if kind == "emit":
                    anchors = [int(anchor) for anchor in message.get("anchors", [])]
                    found.append(["emit", message.get("stream"), anchors, message["tuple"]])
                elif kind in ("ack", "fail"):
                    found.append([kind, int(message["id"])])
                    count += 1
                else:
                    found.append([kind, message.get("msg")])
                continue
            frame, content = self.next_frame()
            assert frame, "the component has gone"
            if frame in (b"E", b"M"):
                for stream, reference, values in emits_of(frame, content):
                    anchors = reference if isinstance(reference, list) else [reference]
                    found.append(["emit", stream, [a for a in anchors if a is not None], values])
            elif frame in (b"A", b"F"):
                numbers = struct.unpack("<%dQ" % (len(content) // 8), content)
                found += [["ack" if frame == b"A" else "fail", number] for number in numbers]
                count += len(numbers)
            elif frame == b"R":
                pairs = struct.unpack("<%dQ" % (len(content) // 8), content)
                for first, length in zip(pairs[::2], pairs[1::2]):
                    found += [["ack", number] for number in range(first, first + length)]
                    count += length
            elif frame == b"J":
                message = json.loads(content.decode())
                found.append([message["command"], message.get("msg")])
        return found

    def end(self) -> Tuple[int, str, str]:
        """Closes this side. - Returns: exit code, standard output and error of the component."""
        if self.uses_channel:
            os.close(self.write)
        out, errors = self.child.communicate(timeout=20)
        if self.uses_channel:
            self.read.close()
        self.folder.cleanup()
        return self.child.returncode, out.decode(), errors.decode()

    def has_pid_file(self) -> bool:
        return os.path.exists(os.path.join(self.folder.name, str(self.child.pid)))
