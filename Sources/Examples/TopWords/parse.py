"""The first bolt: the words of a message's text, each with its place. What is no message is logged, and done with."""
import json
import re

from multilang import hello, send, tuples

hello()
for t in tuples():
    number, line = t["tuple"]
    try:
        message = json.loads(line)
        words = re.findall(r"\w+", message["text"].lower())
        second = int(message["time"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        send(command="log", msg=f"line {number} is no message: {error!r}", level=3)
        words = []
    for place, word in enumerate(words):
        send(command="emit", anchors=[t["id"]], tuple=[word, second, number, place], need_task_ids=False)
    send(command="ack", id=t["id"])
