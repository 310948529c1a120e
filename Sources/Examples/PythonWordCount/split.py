"""Splits lines into words: a bolt that speaks Storm's multilang protocol with nothing but Python's own library."""
import json
import os
import sys


def read():
    """The next message: JSON, ended by a line that says `end`."""
    lines = []
    for line in sys.stdin:
        if line == "end\n":
            return json.loads("".join(lines))
        lines.append(line)
    sys.exit(0)


def send(message):
    sys.stdout.write(json.dumps(message) + "\nend\n")
    sys.stdout.flush()


def main():
    setup = read()
    open(os.path.join(setup["pidDir"], str(os.getpid())), "w").close()
    send({"pid": os.getpid()})
    while True:
        t = read()
        if t["task"] == -1 and t["stream"] == "__heartbeat":
            send({"command": "sync"})
            continue
        number, line = t["tuple"]
        for place, word in enumerate(line.split()):
            send({"command": "emit", "anchors": [t["id"]], "tuple": [word, number, place], "need_task_ids": False})
        send({"command": "ack", "id": t["id"]})


main()
