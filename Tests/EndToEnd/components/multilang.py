"""Storm's multilang protocol in a few lines of Python. Emits want no task ids."""
import json
import os
import sys


def read():
    """The next message; ends the process when there is none."""
    lines = []
    for line in sys.stdin:
        if line == "end\n":
            return json.loads("".join(lines))
        lines.append(line)
    sys.exit(0)


def send(**message):
    """Writes one message."""
    sys.stdout.write(json.dumps(message) + "\nend\n")
    sys.stdout.flush()


def hello():
    """The handshake; returns what the topology said."""
    setup = read()
    open(os.path.join(setup["pidDir"], str(os.getpid())), "w").close()
    send(pid=os.getpid())
    return setup


def tuples():
    """The tuples of a bolt; signs of life are given on the way."""
    while True:
        t = read()
        if t["task"] == -1 and t["stream"] == "__heartbeat":
            send(command="sync")
        else:
            yield t
