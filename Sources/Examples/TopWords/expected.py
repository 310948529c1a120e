"""What has to be in Redis in the end, counted in the simplest way: usage: expected.py total|now SECONDS TOP <FILE

Lines of word and count; `now` with the counts of the most frequent words, of which equal ones may be others.
"""
import collections
import json
import re
import sys

kind, seconds, top = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
messages = [json.loads(line) for line in sys.stdin]
newest = max(message["time"] for message in messages)
counts = collections.Counter()
for message in messages:
    if kind == "total" or newest - message["time"] < seconds:
        counts.update(re.findall(r"\w+", message["text"].lower()))
ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
for word, count in ranked if kind == "total" else ranked[:top]:
    print(word, count)
