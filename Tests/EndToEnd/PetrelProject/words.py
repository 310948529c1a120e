from petrel import storm
from petrel.emitter import Spout


class Words(Spout):
    def __init__(self):
        super(Words, self).__init__(script=__file__)
        self.emitted = 0

    @classmethod
    def declareOutputFields(cls):
        return ["word"]

    def nextTuple(self):
        if self.emitted < 300:
            storm.emit(["abc"[self.emitted % 3]], id=self.emitted)
            self.emitted += 1


def run():
    Words().run()
