from petrel import storm
from petrel.emitter import BasicBolt


class Keep(BasicBolt):
    def __init__(self):
        super(Keep, self).__init__(script=__file__)

    def initialize(self, conf, context):
        self.output = conf["petrel.output"]

    def declareOutputFields(self):
        return []

    def process(self, tup):
        with open(self.output, "a") as out:
            out.write(tup.values[0] + "\n")


def run():
    Keep().run()
