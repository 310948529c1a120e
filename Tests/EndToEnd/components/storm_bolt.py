"""Hands numbers on, by Storm's own storm.py; fails one of ten, the first time that it comes."""
import storm


class Pass(storm.Bolt):
    def initialize(self, conf, context):
        self.failed = set()
        storm.logInfo("the bolt in Python is ready, as task %d" % context["taskid"])

    def process(self, tup):
        number = tup.values[0]
        if number % 10 == 0 and number not in self.failed:
            self.failed.add(number)
            storm.fail(tup)
        else:
            storm.emit([number], anchors=[tup])
            storm.ack(tup)


Pass().run()
