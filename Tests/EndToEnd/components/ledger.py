"""What a reliable spout has to remember over the end of its process, in a folder: the numbers that were acked, and failed.

A number is emitted until it is acked: 0 up to a count, at a pace, or until a file `stop` is there. When all are acked a
file `done` tells how many there were.
"""
import os
import time


class Ledger:
    def __init__(self, folder, rate, count):
        self.folder, self.rate, self.count = folder, rate, count
        os.makedirs(folder, exist_ok=True)
        seen = self._numbers("acked")
        self.waiting = set()  # emitted, and neither acked nor failed
        self.acked = seen
        # What an earlier process emitted and did not hear of again.
        self.again = [n for n in range(self._begun()) if n not in seen]
        self.next = self._begun()
        self.files = {name: open(self._path(name), "a", buffering=1) for name in ("acked", "failed", "begun")}
        self.start, self.given = time.monotonic(), 0

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _numbers(self, name):
        try:
            with open(self._path(name)) as lines:
                # A process that was killed may have left half a line at the end.
                return {int(line) for line in lines if line.endswith("\n")}
        except FileNotFoundError:
            return set()

    def _begun(self):
        return max(self._numbers("begun"), default=-1) + 1

    def take(self):
        """The next number to emit, or None."""
        if self.given >= (time.monotonic() - self.start) * self.rate:
            return None
        number = None
        if self.again:
            number = self.again.pop()
        elif self.next < self.count and not os.path.exists(self._path("stop")):
            number = self.next
            self.next += 1
            self.files["begun"].write(f"{number}\n")
        if number is not None:
            self.given += 1
            self.waiting.add(number)
        else:
            self._finish()
        return number

    def ack(self, number):
        self.waiting.discard(number)
        self.acked.add(number)
        self.files["acked"].write(f"{number}\n")

    def fail(self, number):
        self.files["failed"].write(f"{number}\n")
        if number in self.waiting:
            self.waiting.discard(number)
            self.again.append(number)

    def _finish(self):
        if not self.waiting and len(self.acked) == self.next and not os.path.exists(self._path("done")):
            with open(self._path("done.new"), "w") as file:
                file.write(f"{self.next}\n")
            os.rename(self._path("done.new"), self._path("done"))
