"""Spouts."""

from __future__ import annotations

from time import monotonic
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from ._component import Component

#: Seconds after which a batch is handed over as it is.
_BATCH_SECONDS = 0.005


class Spout(Component):
    """A source: emits when it is asked to."""

    _is_spout = True

    def next_tuple(self) -> None:
        """Emits one tuple or a few, or none if there is none just now. Must not wait for long."""
        raise NotImplementedError

    def ack(self, tup_id: Any) -> None:
        """A message has been worked on completely."""

    def fail(self, tup_id: Any) -> None:
        """A message has failed, or took too long."""

    def activate(self) -> None:
        """The topology starts, or goes on."""

    def deactivate(self) -> None:
        """The topology pauses."""

    def emit(
        self,
        tup: Sequence[Any],
        tup_id: Any = None,
        stream: Optional[str] = None,
        direct_task: Optional[int] = None,
        need_task_ids: bool = False,
    ) -> Optional[List[int]]:
        """Emits a list or tuple of values.

        - tup_id: what `ack` or `fail` will be told, any JSON value; without, the message is not tracked.
        - direct_task, need_task_ids: see `Bolt.emit`.
        """
        if not isinstance(tup, (list, tuple)):
            raise TypeError("emit takes a list of values, not %r" % (tup,))
        if direct_task is None and not need_task_ids:
            self._wire.emit(tup_id, tup, stream)
            return None
        return self._wire.emit_answered(tup_id, tup, stream, direct_task, need_task_ids)

    def _work(self) -> None:
        wire = self._wire
        while True:
            name, argument = wire.command()
            try:
                if name == "next":
                    self._produce(argument)
                elif name == "ack":
                    self._tell(self.ack, argument)
                elif name == "fail":
                    self._tell(self.fail, argument)
                elif name == "activate":
                    self.activate()
                elif name == "deactivate":
                    self.deactivate()
                elif not name:
                    continue
            except Exception as error:
                self._report(error)
                self._after_exception()
            wire.sync()

    def _produce(self, room: int) -> None:
        wire = self._wire
        start = wire.count
        deadline = monotonic() + _BATCH_SECONDS
        while wire.count - start < room:
            before = wire.count
            self.next_tuple()
            if wire.count == before or monotonic() >= deadline:
                return

    def _tell(self, call: Any, ids: List[Any]) -> None:
        for tup_id in ids:
            try:
                call(tup_id)
            except Exception as error:
                self._report(error)
                self._after_exception()


class _Emitted(NamedTuple):
    values: Sequence[Any]
    stream: Optional[str]
    direct_task: Optional[int]
    fails: int


class ReliableSpout(Spout):
    """A spout that emits again what failed, up to `max_fails` times. Ids are strings or numbers.

    Keeps what is under way in memory: bound it by `topology.max.spout.pending`. What was under way when the process ended is
    for its source, or the topology's retry policy, to bring again.
    """

    #: How often a message is emitted again.
    max_fails = 3

    def __init__(self) -> None:
        self._emitted: Dict[Any, _Emitted] = {}

    def emit(
        self,
        tup: Sequence[Any],
        tup_id: Any = None,
        stream: Optional[str] = None,
        direct_task: Optional[int] = None,
        need_task_ids: bool = False,
    ) -> Optional[List[int]]:
        """See `Spout.emit`; the id must not be None."""
        if tup_id is None:
            raise ValueError("a ReliableSpout tracks every message: give emit a tup_id")
        known = self._emitted.get(tup_id)
        self._emitted[tup_id] = _Emitted(list(tup), stream, direct_task, known.fails if known else 0)
        return super().emit(tup, tup_id, stream, direct_task, need_task_ids)

    def ack(self, tup_id: Any) -> None:
        self._emitted.pop(tup_id, None)

    def fail(self, tup_id: Any) -> None:
        message = self._emitted.get(tup_id)
        if message is None:
            return
        if message.fails >= self.max_fails:
            del self._emitted[tup_id]
            self.log("message %r failed %d times and is given up" % (tup_id, message.fails + 1), "error")
            return
        self._emitted[tup_id] = message._replace(fails=message.fails + 1)
        super().emit(message.values, tup_id, message.stream, message.direct_task)
