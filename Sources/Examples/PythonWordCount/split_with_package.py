"""The same with the package storm-swift: `process` is all there is to write."""
from stormswift import Bolt, Tuple


class Split(Bolt):
    def process(self, tup: Tuple) -> None:
        number, line = tup.values
        for place, word in enumerate(line.split()):
            self.emit([word, number, place])


Split().run()
