"""The spout: each line of a file with its number, until it is acked. usage: messages.py FILE"""
import sys
import time

from multilang import hello, read, send

hello()
with open(sys.argv[1], encoding="utf-8") as file:
    lines = file.read().splitlines()
following = 0
again = []  # failed numbers
while True:
    command = read()
    if command["command"] == "next":
        number = None
        if again:
            number = again.pop()
        elif following < len(lines):
            number = following
            following += 1
        if number is None:
            time.sleep(0.001)
        else:
            send(command="emit", id=number, tuple=[number, lines[number]], need_task_ids=False)
    elif command["command"] == "fail":
        again.append(command["id"])
    send(command="sync")
