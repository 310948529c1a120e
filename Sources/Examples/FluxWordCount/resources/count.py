"""A bolt: counts each word of each line once, however often it comes, and writes `word<TAB>count` lines each second."""
import os

import multilang


def write(counts, path):
    """A reader sees the old text or the new one."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.writelines(f"{word}\t{count}\n" for word, count in counts.items())
    os.replace(path + ".new", path)


def main():
    conf = multilang.start()
    counts = {}
    seen = set()
    for t in multilang.tuples():
        if t["comp"] == "__system" and t["stream"] == "__tick":
            write(counts, conf["wordcount.output"])
        else:
            word, number, place = t["tuple"]
            if (number, place) not in seen:
                seen.add((number, place))
                counts[word] = counts.get(word, 0) + 1
        multilang.send(command="ack", id=t["id"])


main()
