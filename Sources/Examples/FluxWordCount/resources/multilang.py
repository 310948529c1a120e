"""Storm's multilang protocol with nothing but Python's own library: JSON, each message ended by a line that says `end`."""
import json
import os
import sys


def read():
    """The next message; ends the process when there will be none."""
    lines = []
    for line in sys.stdin:
        if line == "end\n":
            return json.loads("".join(lines))
        lines.append(line)
    sys.exit(0)


def send(**message):
    sys.stdout.write(json.dumps(message) + "\nend\n")
    sys.stdout.flush()


def start():
    """Answers the first message; returns the configuration."""
    setup = read()
    open(os.path.join(setup["pidDir"], str(os.getpid())), "w").close()
    send(pid=os.getpid())
    return setup["conf"]


def emit(values, **more):
    send(command="emit", tuple=values, need_task_ids=False, **more)


def tuples():
    """The tuples of a bolt, one after the other; heartbeats are answered here."""
    while True:
        message = read()
        if message["task"] == -1 and message["stream"] == "__heartbeat":
            send(command="sync")
        else:
            yield message
