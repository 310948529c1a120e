"""A reliable spout by Storm's own storm.py. usage: storm_spout.py FOLDER RATE COUNT"""
import sys
import time

import storm

from ledger import Ledger


class Numbers(storm.Spout):
    def initialize(self, conf, context):
        self.ledger = Ledger(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))

    def nextTuple(self):
        number = self.ledger.take()
        if number is None:
            time.sleep(0.001)
        else:
            storm.emit([number], id=number)

    def ack(self, id):
        self.ledger.ack(id)

    def fail(self, id):
        self.ledger.fail(id)


Numbers().run()
