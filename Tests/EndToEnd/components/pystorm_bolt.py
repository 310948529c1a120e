"""Hands numbers on, by pystorm; fails one of ten, the first time that it comes."""
import os

from pystorm import Bolt


class Pass(Bolt):
    auto_anchor = True
    auto_ack = auto_fail = False

    def initialize(self, conf, context):
        self.failed = set()
        self.logger.info("the bolt of pystorm is ready, as task %d", context["taskid"])

    def process(self, tup):
        number = tup.values[0]
        if number % 10 == 0 and number not in self.failed:
            self.failed.add(number)
            self.fail(tup)
        else:
            self.emit([number])
            self.ack(tup)


Pass(serializer=os.environ.get("PYSTORM_SERIALIZER", "json")).run()
