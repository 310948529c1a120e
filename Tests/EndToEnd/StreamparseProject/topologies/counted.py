"""Numbers from a reliable spout, through a bolt that fails now and then, to one that counts."""

import os

from streamparse import Grouping, Topology

from bolts.numbers import CountBolt, HesitantBolt
from spouts.numbers import NumberSpout


class Numbers(Topology):
    config = {
        "numbers.folder": os.environ["NUMBERS_FOLDER"],
        "numbers.total": int(os.environ["NUMBERS_TOTAL"]),
        "numbers.pause.secs": float(os.environ["NUMBERS_PAUSE"]),
        "topology.max.spout.pending": 500,
    }
    number_spout = NumberSpout.spec()
    hesitant_bolt = HesitantBolt.spec(inputs={number_spout: Grouping.fields("number")}, par=2)
    count_bolt = CountBolt.spec(inputs={hesitant_bolt: Grouping.fields("word")}, par=2)
