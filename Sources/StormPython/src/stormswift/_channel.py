"""The fast channel: batches in frames, on descriptors of their own.

A frame is a length of 4 bytes (little-endian), a kind of one byte, and content; kinds are listed where they are used.
"""

from __future__ import annotations

import os
from array import array
from collections import deque
from itertools import count as count_from
from struct import Struct
from time import monotonic
from typing import Any, Deque, Iterable, Iterator, List, Optional, Sequence, Tuple as Pair, Union

from ._json import dumps, encode, join, loads, to_bytes
from ._pack import EMITS_MAX, PACKED_MAX, is_plain, pack, packs_as_agreed
from ._wire import Gone, Message, Run, Wire, is_heartbeat

#: The oldest that a worker may offer, and since when it reads packed emits.
VERSION = 1
_PACKED_VERSION = 2
#: Tuples that may be before the component.
CREDIT = 8192
#: Characters of emits after which they are handed over.
_EMITS_MAX = 32768
#: What is read at once.
_READ_BYTES = 65536
#: Of a packed list: what comes before its items.
_LIST_HEAD = 5
#: Seconds after which everything is handed over, in the midst of a batch.
_FLUSH_AFTER = 0.005
#: Tuples between two looks at the clock, at most.
_CHUNK_MAX = 32

_HEADER = Struct("<IB")
_CREDIT = Struct("<IBI")
_MESSAGE, _TUPLES, _NEXT, _ACKED, _FAILED, _RANGES, _EMITS, _PACKED, _CREDITS, _SYNC = b"JTNAFREMCS"
_SYNC_FRAME = _HEADER.pack(1, _SYNC)


def _frame(kind: int, content: Union[bytes, bytearray]) -> bytes:
    return _HEADER.pack(len(content) + 1, kind) + content


def _numbers(kind: int, numbers: List[int]) -> bytes:
    packed = array("Q", numbers)
    if array("H", [1]).tobytes() != b"\1\0":
        packed.byteswap()
    return _frame(kind, packed.tobytes())


class ChannelWire(Wire):
    def __init__(self, read: int, write: int, is_spout: bool, version: int = VERSION) -> None:
        super().__init__(write, is_spout)
        self.packs = self._can_pack = version >= _PACKED_VERSION and packs_as_agreed()
        # What the component starts gets neither.
        os.set_inheritable(read, False)
        os.set_inheritable(write, False)
        self._read_descriptor = read
        # What came and was not taken yet.
        self._input = bytearray()
        self._frames: Deque[Pair[int, bytes]] = deque()
        self._task_ids: Deque[List[int]] = deque()
        # What has not been handed over: emits by streams, acks and fails by number, tuples that were gone through.
        self._packed = bytearray()
        self._packed_stream: Optional[str] = None
        self._emit_runs: List[str] = []
        self._items: List[str] = []
        self._stream: Optional[str] = None
        self._size = 0
        self._acked: List[int] = []
        self._ranges: List[int] = []
        self._failed: List[int] = []
        self._done = 0
        self._mark = 0.0
        self._flush_at = 0.0

    def hello(self, pid: int) -> None:
        self.send({"pid": pid, "version": VERSION, "credit": CREDIT})

    # To the worker.

    def send(self, message: Message) -> None:
        self._write(_frame(_MESSAGE, to_bytes(dumps(message))))

    def emit(self, reference: Any, values: Sequence[Any], stream: Optional[str]) -> None:
        # Looked at now: the values are those of now, and what cannot be written is told to whom it concerns.
        self.count += 1
        if not self._can_pack or not is_plain(reference, values, self._is_spout):
            return self._emit_text(reference, values, stream)
        if self._size:
            # Emits are carried out in their order.
            self._write(self._take_emits())
        if stream != self._packed_stream:
            self.pack_emits()
            self._packed += pack(stream, 2)
            self._packed_stream = stream
            self.packs = stream is None
        self.emits.append((reference, tuple(values)))
        if len(self.emits) >= EMITS_MAX:
            self.pack_emits()

    def pack_emits(self) -> None:
        self._pack()
        if len(self._packed) > PACKED_MAX:
            self._write(self._take_emits())

    def _pack(self) -> None:
        """Empties `emits`. They are all for the stream that `_packed` ends with."""
        if not self.emits:
            return
        content = pack(self.emits, 2)
        if len(content) <= PACKED_MAX:
            self._packed += memoryview(content)[_LIST_HEAD:]
        else:
            # Large ones: no frame shall be much longer than others.
            for emit in self.emits:
                if len(self._packed) > PACKED_MAX:
                    self._write(_frame(_PACKED, self._packed))
                    # Each frame begins with the default stream.
                    self._packed[:] = pack(self._packed_stream, 2)
                self._packed += pack(emit, 2)
        self.emits.clear()

    def _emit_text(self, reference: Any, values: Sequence[Any], stream: Optional[str]) -> None:
        item = join(encode((reference, values), 0))
        if self.emits or self._packed:
            self._write(self._take_emits())
        self.packs = False
        if stream != self._stream:
            self._end_run()
            self._stream = stream
        self._items.append(item)
        self._size += len(item)
        if self._size > _EMITS_MAX:
            self._write(self._take_emits())

    def _end_run(self) -> None:
        if self._items:
            self._emit_runs.append("[%s,[%s]]" % (dumps(self._stream), ",".join(self._items)))
            self._items.clear()

    def _take_emits(self) -> bytes:
        """Emits that were not handed over: packed ones, or text; there are never both."""
        self._pack()
        if self._packed:
            frame = _frame(_PACKED, self._packed)
            self._packed.clear()
            self._packed_stream = None
            self.packs = True
            return frame
        self._end_run()
        if not self._emit_runs:
            return b""
        content = to_bytes("[" + ",".join(self._emit_runs) + "]")
        self._emit_runs.clear()
        self._size = 0
        self.packs = self._can_pack
        return _frame(_EMITS, content)

    def emit_answered(
        self, reference: Any, values: Sequence[Any], stream: Optional[str], task: Optional[int], wants_ids: bool
    ) -> Optional[List[int]]:
        message = self._emit_message(reference, values, stream, task, wants_ids)
        frame = _frame(_MESSAGE, to_bytes(dumps(message)))
        self.count += 1
        if not wants_ids or task is not None:
            self._write(self._take_emits() + frame)
            return None
        self.flush()
        self._write(frame)
        while not self._task_ids:
            kind, content = self._read()
            if kind != _MESSAGE or not self._note(content):
                self._frames.append((kind, content))
        return self._task_ids.popleft()

    def ack(self, tuple_id: Any) -> None:
        self._acked.append(tuple_id)

    def ack_run(self, first: Any, count: int) -> None:
        ranges = self._ranges
        if ranges and ranges[-2] + ranges[-1] == first:
            ranges[-1] += count
        else:
            ranges += (first, count)

    def fail(self, tuple_id: Any) -> None:
        self._failed.append(tuple_id)

    def sync(self) -> None:
        self._write(self._take_emits() + _SYNC_FRAME)

    def flush(self) -> None:
        frames = [self._take_emits()]
        if self._ranges:
            frames.append(_numbers(_RANGES, self._ranges))
            self._ranges.clear()
        if self._acked:
            frames.append(_numbers(_ACKED, self._acked))
            self._acked.clear()
        if self._failed:
            frames.append(_numbers(_FAILED, self._failed))
            self._failed.clear()
        if self._done:
            frames.append(_CREDIT.pack(5, _CREDITS, self._done))
            self._done = 0
        data = b"".join(frames)
        if data:
            self._write(data)
        self._flush_at = self._mark + _FLUSH_AFTER

    def pace(self, count: int) -> None:
        self._done += count
        now = monotonic()
        took = now - self._mark
        self._mark = now
        if took > 0.001:
            # Slow work is handed over tuple by tuple.
            self.chunk = 1
        elif self.chunk < _CHUNK_MAX:
            self.chunk *= 2
        if now >= self._flush_at:
            self.flush()

    # From the worker.

    def _read(self) -> Pair[int, bytes]:
        received, wanted = self._input, 5
        while True:
            if len(received) >= 5:
                length, kind = _HEADER.unpack_from(received)
                wanted = length + 4
                if len(received) >= wanted:
                    content = bytes(received[5:wanted])
                    del received[:wanted]
                    return kind, content
            # As long as there is more to do nobody is waited for, and answers gather: one write costs as much as several tuples.
            self.flush()
            data = os.read(self._read_descriptor, max(_READ_BYTES, wanted - len(received)))
            if not data:
                raise Gone
            received += data
            self._mark = monotonic()
            self._flush_at = self._mark + _FLUSH_AFTER

    def _note(self, content: bytes) -> bool:
        """Deals with a message that is for the wire itself."""
        message = loads(content.decode("utf-8", "replace"))
        if isinstance(message, list):
            self._task_ids.append(message)
            return True
        if not self._is_spout and is_heartbeat(message):
            self._write(_SYNC_FRAME)
            return True
        return False

    def _next(self) -> Pair[int, Any]:
        if self._frames:
            kind, content = self._frames.popleft()
        else:
            kind, content = self._read()
        return kind, content

    def ids(self, first: Any) -> Iterable[Any]:
        return count_from(first)

    def runs(self) -> Iterator[Run]:
        kind, content = self._next()
        if kind == _TUPLES:
            self._mark = monotonic()
            for component, stream, task, first, rows in loads(content.decode("utf-8", "replace")):
                yield Run(component, stream, task, first, rows)
        elif kind == _MESSAGE:
            self._note(content)

    def command(self) -> Pair[str, Any]:
        kind, content = self._next()
        value = loads(content.decode("utf-8", "replace"))
        if kind == _NEXT:
            return "next", value
        if kind == _ACKED:
            return "ack", value
        if kind == _FAILED:
            return "fail", value
        if isinstance(value, list):
            self._task_ids.append(value)
            return "", None
        return value.get("command", ""), None
