"""Writes a stream of messages, the same one each time: usage: make-messages.py COUNT"""
import json
import random
import sys

numbers = random.Random(1)
words = [f"{start}{end}" for start in ("ka", "lu", "mi", "no", "pe", "strö", "zu") for end in ("ra", "li", "mo", "nu", "ß")]
weights = [1 / (rank + 1) for rank in range(len(words))]
for number in range(int(sys.argv[1])):
    text = " ".join(numbers.choices(words, weights, k=numbers.randint(3, 9)))
    print(json.dumps({"time": 1_700_000_000 + number // 50, "text": text.capitalize() + "."}))
