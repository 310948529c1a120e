"""Storm's multilang protocol: JSON, and a line `end` after each message."""

from __future__ import annotations

from collections import deque
from typing import Any, BinaryIO, Deque, Iterable, Iterator, List, Optional, Sequence, Tuple as Pair

from ._json import dumps, loads, to_bytes
from ._wire import Gone, Message, Run, Wire, is_heartbeat


def read_message(stream: BinaryIO) -> Any:
    """The next message. Raises `Gone` at the end."""
    lines: List[bytes] = []
    for line in stream:
        if line == b"end\n":
            return loads(b"".join(lines).decode("utf-8", "replace").strip())
        lines.append(line)
    raise Gone


class StandardWire(Wire):
    def __init__(self, read: BinaryIO, write: int, is_spout: bool) -> None:
        super().__init__(write, is_spout)
        self._input = read
        self._messages: Deque[Message] = deque()
        self._task_ids: Deque[List[int]] = deque()

    def hello(self, pid: int) -> None:
        self.send({"pid": pid})

    def send(self, message: Message) -> None:
        self._write(to_bytes(dumps(message)) + b"\nend\n")

    def emit(self, reference: Any, values: Sequence[Any], stream: Optional[str]) -> None:
        self.count += 1
        self.send(self._emit_message(reference, values, stream, None, False))

    def emit_answered(
        self, reference: Any, values: Sequence[Any], stream: Optional[str], task: Optional[int], wants_ids: bool
    ) -> Optional[List[int]]:
        self.count += 1
        self.send(self._emit_message(reference, values, stream, task, wants_ids))
        if not wants_ids or task is not None:
            return None
        # Messages may come before the answer; the answers come in order.
        while not self._task_ids:
            self._note(read_message(self._input))
        return self._task_ids.popleft()

    def ack(self, tuple_id: Any) -> None:
        self.send({"command": "ack", "id": tuple_id})

    def ack_run(self, first: Any, count: int) -> None:
        self.ack(first)

    def fail(self, tuple_id: Any) -> None:
        self.send({"command": "fail", "id": tuple_id})

    def sync(self) -> None:
        self.send({"command": "sync"})

    def _note(self, message: Any) -> None:
        if isinstance(message, list):
            self._task_ids.append(message)
        elif not self._is_spout and is_heartbeat(message):
            self.sync()
        else:
            self._messages.append(message)

    def _next(self) -> Message:
        while not self._messages:
            self._note(read_message(self._input))
        return self._messages.popleft()

    def ids(self, first: Any) -> Iterable[Any]:
        return (first,)

    def runs(self) -> Iterator[Run]:
        message = self._next()
        yield Run(message["comp"], message["stream"], message["task"], message["id"], [message["tuple"]])

    def command(self) -> Pair[str, Any]:
        message = self._next()
        name = message["command"]
        if name == "next":
            return name, 1
        return name, [message["id"]] if name in ("ack", "fail") else None
