"""A reliable spout by pystorm. usage: pystorm_spout.py FOLDER RATE COUNT"""
import os
import sys
import time

from pystorm import Spout

from ledger import Ledger


class Numbers(Spout):
    def initialize(self, conf, context):
        self.ledger = Ledger(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))

    def next_tuple(self):
        number = self.ledger.take()
        if number is None:
            time.sleep(0.001)
        else:
            self.emit([number], tup_id=number)

    def ack(self, tup_id):
        self.ledger.ack(tup_id)

    def fail(self, tup_id):
        self.ledger.fail(tup_id)


Numbers(serializer=os.environ.get("PYSTORM_SERIALIZER", "json")).run()
