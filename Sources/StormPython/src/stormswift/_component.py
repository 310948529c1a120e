"""What bolts and spouts have in common: the handshake, logging, errors."""

from __future__ import annotations

import gc
import logging
import os
import sys
import traceback
from typing import Any, Dict, List, Optional

from ._channel import VERSION, ChannelWire
from ._standard import StandardWire, read_message
from ._wire import Gone, Wire

#: New objects, less those that are gone, after which Python looks for cycles among them.
_GC_THRESHOLD = 20000
_LEVELS = {"trace": 0, "debug": 1, "info": 2, "warn": 3, "warning": 3, "error": 4, "critical": 4}


class _Handler(logging.Handler):
    """Sends a logger's records to the worker."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def emit(self, record: logging.LogRecord) -> None:
        try:
            level = min(max(record.levelno // 10, 0), 4)
            self._wire.send({"command": "log", "msg": self.format(record), "level": level})
        except Gone:
            # The worker's end is noticed where the component reads.
            pass


class Component:
    """Base of all spouts and bolts. `run` starts it and returns when the worker has gone."""

    #: Whether an exception ends the process, which is then started again; else its tuple fails and the component goes on.
    exit_on_exception = False
    #: Whether to use the fast channel when it is offered.
    use_channel = True

    _is_spout = False

    conf: Dict[str, Any]
    context: Dict[str, Any]
    component_name: str
    task_id: int
    logger: logging.Logger
    _wire: Wire

    def initialize(self, storm_conf: Dict[str, Any], context: Dict[str, Any]) -> None:
        """Called once, before the first tuple."""

    def log(self, message: object, level: str = "info") -> None:
        """Writes a line to the worker's log. Levels: trace, debug, info, warn, error."""
        self._wire.send({"command": "log", "msg": str(message), "level": _LEVELS.get(level, 2)})

    def report_error(self, message: str) -> None:
        """Shows an error to the operator (`storm errors`)."""
        self._wire.send({"command": "error", "msg": message})

    def report_metric(self, name: str, value: Any = None) -> None:
        """Adds to a counter of the component: 1, or a whole number. Shown on the worker's page `/metrics`."""
        self._wire.send({"command": "metrics", "name": name, "params": value})

    def report_gauge(self, name: str, value: float) -> None:
        """Sets a gauge of the component."""
        self._wire.send({"command": "metrics", "name": name, "params": value, "kind": "gauge"})

    def source_fields(self, component: str, stream: str = "default") -> List[str]:
        """Names of the fields of a stream that this component hears; empty: it hears none of that name."""
        fields: List[str] = self.context.get("source->stream->fields", {}).get(component, {}).get(stream, [])
        return fields

    def run(self) -> None:
        """Works until the worker closes its side."""
        try:
            self._start()
            self._work()
        except Gone:
            pass
        except Exception:
            self._report(sys.exc_info()[1])
            sys.exit(1)

    def _work(self) -> None:
        raise NotImplementedError

    def _start(self) -> None:
        # The protocol's descriptors are for nobody else.
        read = os.fdopen(os.dup(0), "rb")
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        setup = read_message(read)
        self.conf = setup["conf"]
        self.context = setup["context"]
        self.task_id = self.context.get("taskid", 0)
        tasks = self.context.get("task->component", {})
        self.component_name = self.context.get("componentid") or tasks.get(str(self.task_id), "")
        offer = setup.get("channel")
        if self.use_channel and isinstance(offer, dict) and offer.get("version", 0) >= VERSION:
            read.close()
            self._wire = ChannelWire(offer["read"], offer["write"], self._is_spout, offer["version"])
        else:
            self._wire = StandardWire(read, os.dup(1), self._is_spout)
            # What is printed goes to the worker's log, as standard error does.
            os.dup2(2, 1)
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(line_buffering=True)
        with open(os.path.join(setup["pidDir"], str(os.getpid())), "w"):
            pass
        self._wire.hello(os.getpid())
        self.logger = logging.getLogger(self.component_name or type(self).__name__)
        self.logger.addHandler(_Handler(self._wire))
        self.logger.propagate = False
        if self.logger.level == logging.NOTSET:
            self.logger.setLevel(logging.DEBUG if self.conf.get("topology.debug") else logging.INFO)
        self.initialize(self.conf, self.context)
        self._wire.flush()
        # What is here now stays: no need to look at it again and again.
        gc.freeze()
        # A batch is thousands of lists that live together: to look through them every 700 finds nothing either.
        gc.set_threshold(max(gc.get_threshold()[0], _GC_THRESHOLD), *gc.get_threshold()[1:])

    def _report(self, error: Optional[BaseException]) -> None:
        """Tells the worker of an exception; on standard error when it cannot be told."""
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__)) if error else "?"
        try:
            self.report_error(text)
        except (AttributeError, Gone):
            # Before the handshake is over there is no wire.
            sys.stderr.write(text)

    def _after_exception(self) -> None:
        """What an exception means for the process, once it is reported and its tuples have failed."""
        if self.exit_on_exception:
            self._wire.flush()
            sys.exit(1)
