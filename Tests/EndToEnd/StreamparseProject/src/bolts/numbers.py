"""A bolt that fails now and then, and one that notes what it gets."""

import os

from streamparse import Bolt


class HesitantBolt(Bolt):
    """Fails one number in fifty when it first sees it, and passes everything else on."""

    outputs = ["number", "word"]
    auto_ack = False

    def initialize(self, conf, ctx):
        self.refused = set()

    def process(self, tup):
        number, word = tup.values
        if number % 50 == 7 and number not in self.refused:
            self.refused.add(number)
            self.fail(tup)
            return
        self.emit([number, word])
        self.ack(tup)


class CountBolt(Bolt):
    """Counts words and writes down each number with its word before it acks."""

    outputs = ["word", "count"]

    def initialize(self, conf, ctx):
        path = os.path.join(conf["numbers.folder"], "seen-%d" % self.task_id)
        self.seen = open(path, "a", buffering=1)
        self.counts = {}

    def process(self, tup):
        number, word = tup.values
        self.counts[word] = self.counts.get(word, 0) + 1
        self.seen.write("%d %s\n" % (number, word))
        self.emit([word, self.counts[word]])
