"""A spout: the lines of a file with their numbers, each until it is acked."""
import multilang


def main():
    conf = multilang.start()
    with open(conf["wordcount.file"], encoding="utf-8") as text:
        lines = text.read().splitlines()
    waiting = list(range(len(lines)))[::-1]
    while True:
        command = multilang.read()
        if command["command"] == "next" and waiting:
            number = waiting.pop()
            multilang.emit([number, lines[number]], id=number)
        elif command["command"] == "fail":
            waiting.append(command["id"])
        multilang.send(command="sync")


main()
