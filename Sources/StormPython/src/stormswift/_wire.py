"""How a component speaks with its worker: what the channel and the standard protocol have in common."""

from __future__ import annotations

import os
import threading
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple as Pair

Message = Dict[str, Any]


class Gone(Exception):
    """The worker has closed its side: there is nobody to work for."""


class Run(NamedTuple):
    """Tuples of one origin that came together, numbered from `first` on (or one tuple of that id)."""

    component: str
    stream: str
    task: int
    first: Any
    rows: List[List[Any]]


class Wire:
    """The side of the component. Used from one thread, `send` excepted."""

    #: Tuples to work through before `pace` is called.
    chunk = 1
    #: Whether an emit on the default stream may be appended to `emits`, by whoever has no time to call `emit`.
    packs = False
    #: Emits that are not packed yet, as pairs of a reference and the values, which are plain (see `_pack`): a tuple, so that they
    #: stay what they are. With `EMITS_MAX` of them `pack_emits` is due.
    emits: List[Pair[Any, Pair[Any, ...]]]

    def __init__(self, write: int, is_spout: bool) -> None:
        self._write_descriptor = write
        self._is_spout = is_spout
        self._lock = threading.Lock()
        #: Emits since the start.
        self.count = 0
        self.emits = []

    def hello(self, pid: int) -> None:
        raise NotImplementedError

    # To the worker.

    def emit(self, reference: Any, values: Sequence[Any], stream: Optional[str]) -> None:
        """Emits without an answer. `reference`: a bolt's anchors (None, an id, a list of ids), a spout's message id."""
        raise NotImplementedError

    def emit_answered(
        self, reference: Any, values: Sequence[Any], stream: Optional[str], task: Optional[int], wants_ids: bool
    ) -> Optional[List[int]]:
        """Emits to one task, or emits and tells to which tasks it went."""
        raise NotImplementedError

    def ack(self, tuple_id: Any) -> None:
        raise NotImplementedError

    def ack_run(self, first: Any, count: int) -> None:
        raise NotImplementedError

    def fail(self, tuple_id: Any) -> None:
        raise NotImplementedError

    def sync(self) -> None:
        """A spout has carried out a command."""
        raise NotImplementedError

    def send(self, message: Message) -> None:
        """A message that is rare. Any thread."""
        raise NotImplementedError

    def pack_emits(self) -> None:
        """Packs what is in `emits`, and hands it over when there is much of it."""

    def flush(self) -> None:
        """Hands over everything."""

    def pace(self, count: int) -> None:
        """Has been through `count` tuples."""

    # From the worker.

    def ids(self, first: Any) -> Iterable[Any]:
        """The ids of a run."""
        raise NotImplementedError

    def runs(self) -> Iterator[Run]:
        """The next tuples for a bolt, when there are some; before it waits for them it flushes. Raises `Gone`."""
        raise NotImplementedError

    def command(self) -> Pair[str, Any]:
        """The next command for a spout: `next` with a number, `ack` and `fail` with ids, others. Raises `Gone`."""
        raise NotImplementedError

    # For both kinds.

    def _emit_message(
        self, reference: Any, values: Sequence[Any], stream: Optional[str], task: Optional[int], wants_ids: bool
    ) -> Message:
        message: Message = {"command": "emit", "tuple": values}
        if self._is_spout:
            if reference is not None:
                message["id"] = reference
        elif reference is not None:
            message["anchors"] = reference if isinstance(reference, list) else [reference]
        if stream is not None:
            message["stream"] = stream
        if task is not None:
            message["task"] = task
        if not wants_ids:
            message["need_task_ids"] = False
        return message

    def _write(self, data: bytes) -> None:
        with self._lock:
            left = memoryview(data)
            while left:
                try:
                    left = left[os.write(self._write_descriptor, left) :]
                except BrokenPipeError:
                    raise Gone from None


def is_heartbeat(message: Message) -> bool:
    return message.get("task") == -1 and message.get("stream") == "__heartbeat"
