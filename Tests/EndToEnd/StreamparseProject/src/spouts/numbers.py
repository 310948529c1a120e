"""A spout that loses nothing: it emits each number until it is acked, also after its process has been killed."""

import os
import time
from collections import deque

from streamparse import Spout


class NumberSpout(Spout):
    """Emits the numbers from 0 on: as many as the topology wants, or until there is a file `stop` in its folder.

    Its folder holds what it has emitted and what was acked and failed, one number a line, so that the next process can go
    on where this one ended.
    """

    outputs = ["number", "word"]

    def initialize(self, conf, ctx):
        self.folder = conf["numbers.folder"]
        self.total = conf["numbers.total"]
        self.pause = conf["numbers.pause.secs"]
        emitted = self.read("emitted")
        acked = set(self.read("acked"))
        self.next_number = len(set(emitted))
        self.waiting = deque(n for n in range(self.next_number) if n not in acked)
        self.emitted, self.acked, self.failed = (self.open(name) for name in ("emitted", "acked", "failed"))

    def read(self, name):
        try:
            with open(os.path.join(self.folder, name)) as lines:
                return [int(line) for line in lines if line.endswith("\n")]
        except FileNotFoundError:
            return []

    def open(self, name):
        return open(os.path.join(self.folder, name), "a", buffering=1)

    def next_tuple(self):
        if self.waiting:
            self.send(self.waiting.popleft())
        elif self.next_number < self.total and not os.path.exists(os.path.join(self.folder, "stop")):
            number = self.next_number
            self.next_number += 1
            self.emitted.write("%d\n" % number)
            self.send(number)
        else:
            time.sleep(0.01)

    def send(self, number):
        if self.pause:
            time.sleep(self.pause)
        self.emit([number, "word%d" % (number % 97)], tup_id=number)

    def ack(self, tup_id):
        self.acked.write("%d\n" % tup_id)

    def fail(self, tup_id):
        self.failed.write("%d\n" % tup_id)
        self.waiting.append(tup_id)
