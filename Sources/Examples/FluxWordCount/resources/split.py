"""A bolt: the words of each line, each with the line's number and its place in the line."""
import multilang


def main():
    multilang.start()
    for t in multilang.tuples():
        number, line = t["tuple"]
        for place, word in enumerate(line.split()):
            multilang.emit([word, number, place], anchors=[t["id"]])
        multilang.send(command="ack", id=t["id"])


main()
