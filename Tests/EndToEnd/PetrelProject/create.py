from keep import Keep
from words import Words


def create(builder):
    builder.setSpout("words", Words(), 1)
    builder.setBolt("keep", Keep(), 1).shuffleGrouping("words")
