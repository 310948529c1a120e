"""What a bolt is given."""

from __future__ import annotations

from typing import Any, List, NamedTuple, Union

TupleID = Union[int, str]


class Tuple(NamedTuple):
    """One tuple. Its id is the worker's name for this delivery, of no meaning elsewhere."""

    id: TupleID
    component: str
    stream: str
    task: int
    values: List[Any]

    @property
    def is_tick(self) -> bool:
        """Whether it is a tick of `topology.tick.tuple.freq.secs`."""
        return self.task == -1 and self.stream == "__tick"
