"""A reliable spout. usage: number_spout.py FOLDER RATE COUNT"""
import sys
import time

from ledger import Ledger
from multilang import hello, read, send

hello()
ledger = Ledger(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
while True:
    command = read()
    if command["command"] == "next":
        number = ledger.take()
        if number is None:
            time.sleep(0.001)
        else:
            send(command="emit", id=number, tuple=[number], need_task_ids=False)
    elif command["command"] in ("ack", "fail"):
        getattr(ledger, command["command"])(command["id"])
    send(command="sync")
