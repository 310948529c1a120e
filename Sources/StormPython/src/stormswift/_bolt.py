"""Bolts."""

from __future__ import annotations

from itertools import repeat
from typing import Any, Dict, Iterator, List, Optional, Sequence, Union

from ._component import Component
from ._pack import EMITS_MAX, INT_MAX, PLAIN
from ._tuple import Tuple, TupleID
from ._wire import Run, Wire

# A tuple from its parts in one C call.
_new: Any = tuple.__new__

Anchor = Union[Tuple, TupleID]
_ROW = (list, tuple)


def _tuples(wire: Wire, run: Run, first: Any, rows: List[List[Any]]) -> Iterator[Tuple]:
    parts = zip(wire.ids(first), repeat(run.component), repeat(run.stream), repeat(run.task), rows)
    return map(_new, repeat(Tuple), parts)


class Bolt(Component):
    """A step: works on one tuple after the other.

    An exception in `process` is reported and fails its tuple.
    """

    #: Whether a tuple is acked when `process` returns.
    auto_ack = True
    #: Whether what is emitted belongs to the tuple at hand.
    auto_anchor = True

    # What is emitted now is anchored to: None, an id, a list of ids.
    _anchor: Any = None

    def process(self, tup: Tuple) -> None:
        """Works on a tuple."""
        raise NotImplementedError

    def process_tick(self, tup: Tuple) -> None:
        """Called every `topology.tick.tuple.freq.secs`. Ticks are acked for you."""

    def emit(
        self,
        tup: Sequence[Any],
        stream: Optional[str] = None,
        anchors: Optional[Sequence[Anchor]] = None,
        direct_task: Optional[int] = None,
        need_task_ids: bool = False,
    ) -> Optional[List[int]]:
        """Emits a list or tuple of values.

        - anchors: the tuples it depends on; by default the one at hand; an empty list for none.
        - direct_task: the task it goes to, of a direct stream.
        - need_task_ids: whether to wait for the tasks it went to, and return them.
        """
        if anchors is None and stream is None and direct_task is None and not need_task_ids and type(tup) is list:
            # What nearly every emit is, without a further call: that is half of what it costs.
            wire = self._wire
            if wire.packs:
                for value in tup:
                    kind = type(value)
                    if kind is str:
                        continue
                    if kind not in PLAIN or (kind is int and not -INT_MAX <= value <= INT_MAX):
                        break
                else:
                    emits = wire.emits
                    emits.append((self._anchor, tuple(tup)))
                    if len(emits) >= EMITS_MAX:
                        wire.pack_emits()
                    return None
        if not isinstance(tup, _ROW):
            raise TypeError("emit takes a list of values, not %r" % (tup,))
        if anchors is None:
            reference = self._anchor
        else:
            reference = [anchor.id if isinstance(anchor, Tuple) else anchor for anchor in anchors]
        if direct_task is None and not need_task_ids:
            self._wire.emit(reference, tup, stream)
            return None
        return self._wire.emit_answered(reference, tup, stream, direct_task, need_task_ids)

    def ack(self, tup: Anchor) -> None:
        """Says that a tuple is done. Not needed with `auto_ack`."""
        self._wire.ack(tup.id if isinstance(tup, Tuple) else tup)

    def fail(self, tup: Anchor) -> None:
        """Says that a tuple must be emitted again."""
        self._wire.fail(tup.id if isinstance(tup, Tuple) else tup)

    def _work(self) -> None:
        wire = self._wire
        while True:
            for run in wire.runs():
                if run.task == -1 and run.stream == "__tick":
                    self._ticks(run)
                else:
                    self._take(run)

    def _take(self, run: Run) -> None:
        wire, rows = self._wire, run.rows
        position, total = 0, len(rows)
        while position < total:
            size = wire.chunk
            chunk = rows if size >= total and not position else rows[position : position + size]
            self._chunk(run, run.first + position if position else run.first, chunk)
            position += len(chunk)
            wire.pace(len(chunk))

    def _chunk(self, run: Run, first: Any, rows: List[List[Any]]) -> None:
        """Works through tuples; one that fails does not stop those behind it."""
        wire, process, anchors = self._wire, self.process, self.auto_anchor
        tuples = _tuples(wire, run, first, rows)
        failed: List[Any] = []
        tup: Optional[Tuple] = None
        while True:
            try:
                for tup in tuples:
                    if anchors:
                        self._anchor = tup[0]
                    process(tup)
                break
            except Exception as error:
                assert tup is not None
                self._report(error)
                failed.append(tup.id)
                wire.fail(tup.id)
                if self.exit_on_exception and self.auto_ack:
                    self._ack_before(first, tup.id, failed)
                self._after_exception()
        self._anchor = None
        if not self.auto_ack:
            return
        if not failed:
            wire.ack_run(first, len(rows))
        elif isinstance(first, int):
            for number in range(first, first + len(rows)):
                if number not in failed:
                    wire.ack(number)

    def _ack_before(self, first: Any, last: Any, failed: List[Any]) -> None:
        if isinstance(first, int):
            for number in range(first, last):
                if number not in failed:
                    self._wire.ack(number)

    def _ticks(self, run: Run) -> None:
        for tup in _tuples(self._wire, run, run.first, run.rows):
            try:
                self.process_tick(tup)
            except Exception as error:
                self._report(error)
                self._after_exception()
            self._wire.ack(tup.id)
            self._wire.pace(1)


class BatchingBolt(Bolt):
    """Collects tuples and works on them in batches, at ticks: set `topology.tick.tuple.freq.secs` for the component.

    What `process_batch` emits is anchored to all tuples of the batch; they are acked when it returns, and fail when it throws.
    """

    auto_ack = False
    auto_anchor = False
    #: Ticks from batch to batch.
    ticks_between_batches = 1
    #: A batch of so many tuples does not wait for the tick. Less than what the worker gives in advance (8192).
    batch_size_max = 4096

    def __init__(self) -> None:
        self._batches: Dict[Any, List[Tuple]] = {}
        self._ticks_seen = 0

    def group_key(self, tup: Tuple) -> Any:
        """Tuples of one key make a batch. By default there is one batch."""
        return None

    def process_batch(self, key: Any, tups: List[Tuple]) -> None:
        """Works on a batch."""
        raise NotImplementedError

    def process(self, tup: Tuple) -> None:
        key = self.group_key(tup)
        batch = self._batches.setdefault(key, [])
        batch.append(tup)
        if len(batch) >= self.batch_size_max:
            self._finish(key, self._batches.pop(key))

    def process_tick(self, tup: Tuple) -> None:
        self._ticks_seen += 1
        if self._ticks_seen < self.ticks_between_batches:
            return
        self._ticks_seen = 0
        while self._batches:
            self._finish(*self._batches.popitem())

    def _finish(self, key: Any, batch: List[Tuple]) -> None:
        self._anchor = [tup.id for tup in batch]
        try:
            self.process_batch(key, batch)
        except Exception as error:
            self._report(error)
            for tup in batch:
                self.fail(tup)
            self._after_exception()
        else:
            for tup in batch:
                self.ack(tup)
        finally:
            self._anchor = None
