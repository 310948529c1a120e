"""A bolt that hands numbers on. usage: number_bolt.py [N]: of N numbers it fails one, the first time that it sees it."""
import sys

from multilang import hello, send, tuples

hello()
every = int(sys.argv[1]) if len(sys.argv) > 1 else 0
failed = set()
for t in tuples():
    number = t["tuple"][0]
    if every and number % every == 0 and number not in failed:
        failed.add(number)
        send(command="fail", id=t["id"])
        continue
    send(command="emit", anchors=[t["id"]], tuple=[number], need_task_ids=False)
    send(command="ack", id=t["id"])
