from __future__ import annotations

import json
import unittest
from typing import Any, Dict, List

from tests.worker import WIRES, Worker, emits_of


def bolt(body: str, base: str = "Bolt") -> str:
    lines = "\n".join("    " + line for line in body.strip("\n").split("\n"))
    return "from stormswift import *\nimport os, sys, time\nclass It(%s):\n%s\nIt().run()\n" % (base, lines)


PASSING = bolt("def process(self, tup): self.emit(tup.values)")


class BoltCase(unittest.TestCase):
    def start(self, script: str, channel: int) -> Worker:
        worker = Worker(script, channel)
        hello = worker.next()
        self.assertEqual(hello["pid"], worker.child.pid)
        self.assertTrue(worker.has_pid_file())
        if channel:
            self.assertGreater(hello["credit"], 0)
        return worker

    def said(self, script: str, rows: List[List[Any]], channel: int) -> List[Any]:
        worker = self.start(script, channel)
        worker.tuples(1, rows)
        found = worker.until(len(rows))
        self.assertEqual(worker.end()[0], 0)
        return found


class BoltTests(BoltCase):
    def test_tuples_are_anchored_and_acked(self) -> None:
        rows: List[List[Any]] = [["a"], [1, 2.5, None, True], [{"k": ["é\n\"", "\u20ac"]}], []]
        for channel in WIRES:
            with self.subTest(channel=channel):
                found = self.said(PASSING, rows, channel)
                emits = [entry for entry in found if entry[0] == "emit"]
                self.assertEqual(emits, [["emit", None, [n], row] for n, row in enumerate(rows, 1)])
                acks = [entry for entry in found if entry[0] == "ack"]
                self.assertEqual(acks, [["ack", n] for n in (1, 2, 3, 4)])

    def test_an_exception_fails_its_tuple_alone(self) -> None:
        script = bolt("def process(self, tup): self.emit([1 / tup.values[0]])")
        for channel in WIRES:
            with self.subTest(channel=channel):
                found = self.said(script, [[1], [0], [2], [0]], channel)
                settled = sorted(entry for entry in found if entry[0] in ("ack", "fail"))
                self.assertEqual(settled, [["ack", 1], ["ack", 3], ["fail", 2], ["fail", 4]])
                errors = [entry[1] for entry in found if entry[0] == "error"]
                self.assertEqual(len(errors), 2)
                self.assertIn("ZeroDivisionError", errors[0])

    def test_it_ends_by_an_exception_when_asked_to(self) -> None:
        script = bolt("exit_on_exception = True\ndef process(self, tup): self.emit([1 / tup.values[0]])")
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(script, channel)
                worker.tuples(1, [[1], [0]])
                found = worker.until(2)
                self.assertIn(["fail", 2], found)
                self.assertIn(["ack", 1], found)
                self.assertEqual(worker.end()[0], 1)

    def test_manual_acks_streams_and_anchors(self) -> None:
        script = bolt(
            """
auto_ack = auto_anchor = False
def process(self, tup):
    self.emit([1])
    self.emit([2], stream="s", anchors=[tup])
    self.emit((3,), anchors=[tup, tup.id])
    (self.fail if tup.values[0] else self.ack)(tup)
"""
        )
        for channel in WIRES:
            with self.subTest(channel=channel):
                found = self.said(script, [[0], [1]], channel)
                emits = [entry for entry in found if entry[0] == "emit"]
                self.assertEqual(
                    emits[:3], [["emit", None, [], [1]], ["emit", "s", [1], [2]], ["emit", None, [1, 1], [3]]]
                )
                self.assertEqual([e for e in found if e[0] in ("ack", "fail")], [["ack", 1], ["fail", 2]])

    def test_what_is_emitted_is_what_it_was_then(self) -> None:
        script = bolt(
            """
row = [0]
def process(self, tup):
    self.row[0] = tup.values[0]
    self.emit(self.row)
    self.row[0] = "changed"
"""
        )
        for channel in WIRES:
            with self.subTest(channel=channel):
                found = self.said(script, [[7], [8]], channel)
                self.assertEqual([entry[3] for entry in found if entry[0] == "emit"], [[7], [8]])

    def test_odd_values(self) -> None:
        script = bolt(
            """
def process(self, tup):
    self.emit([b"\\x00\\xff", float("inf"), 2 ** 70, (1, 2)])
    for bad in (object(), {1, 2}):
        try: self.emit([bad])
        except TypeError as error: self.log(error, "warn")
    try: self.emit("text")
    except TypeError as error: self.log(error, "warn")
"""
        )
        for channel in WIRES:
            with self.subTest(channel=channel):
                found = self.said(script, [[1]], channel)
                emits = [entry[3] for entry in found if entry[0] == "emit"]
                self.assertEqual(emits, [[[0, 255], float("inf"), 2**70, [1, 2]]])
                self.assertEqual(len([entry for entry in found if entry[0] == "log"]), 3)

    def test_print_goes_past_the_protocol(self) -> None:
        script = bolt('def process(self, tup):\n    print("end")\n    os.system("echo from a shell")')
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(script, channel)
                worker.tuples(1, [["a"], ["b"]])
                worker.until(2)
                _, out, errors = worker.end()
                self.assertEqual((out if channel else errors).count("end\n"), 2)
                self.assertEqual((out if channel else errors).count("from a shell\n"), 2)

    def test_heartbeats_are_answered(self) -> None:
        heartbeat: Dict[str, Any] = {"id": "1", "comp": None, "stream": "__heartbeat", "task": -1, "tuple": []}
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(PASSING, channel)
                worker.send(heartbeat)
                if channel:
                    self.assertEqual(worker.next_frame(), (b"S", b""))
                else:
                    self.assertEqual(worker.next(), {"command": "sync"})
                worker.end()

    def test_task_ids_are_waited_for(self) -> None:
        script = bolt("def process(self, tup): self.log(self.emit(tup.values, need_task_ids=True))")
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(script, channel)
                worker.tuples(1, [["a"]])
                emit = worker.next()
                self.assertEqual((emit["command"], emit["tuple"], "need_task_ids" in emit), ("emit", ["a"], False))
                # Another tuple comes before the answer.
                worker.tuples(2, [["b"]])
                worker.send([4, 5])
                self.assertEqual(worker.next()["msg"], "[4, 5]")
                self.assertIn(["ack", 1], worker.until(1))
                self.assertEqual(worker.next()["tuple"], ["b"])
                worker.send([6])
                self.assertEqual(worker.next()["msg"], "[6]")
                worker.until(1)
                worker.end()

    def test_direct_emits_want_no_answer(self) -> None:
        script = bolt('def process(self, tup): self.emit(["x"], stream="d", direct_task=9)')
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(script, channel)
                worker.tuples(1, [["a"]])
                emit = worker.next()
                self.assertEqual((emit["task"], emit["stream"], emit["need_task_ids"]), (9, "d", False))
                worker.until(1)
                worker.end()

    def test_the_setup_is_told(self) -> None:
        script = bolt(
            """
def initialize(self, conf, context):
    self.logger.warning("%s %s %s %s", conf["mine"], self.component_name, self.task_id, self.source_fields("src"))
def process(self, tup): pass
"""
        )
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(script, channel)
                self.assertEqual(worker.next(), {"command": "log", "msg": "5 it 3 ['word']", "level": 3})
                worker.end()

    def test_a_fault_in_initialize_is_reported(self) -> None:
        script = bolt("def initialize(self, conf, context): raise KeyError('nothing')")
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(script, channel)
                self.assertIn("KeyError: 'nothing'", worker.next()["msg"])
                self.assertEqual(worker.end()[0], 1)

    def test_ticks_are_acked(self) -> None:
        script = bolt('def process_tick(self, tup): self.log("tick %s" % tup.values[0])')
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(script, channel)
                worker.tuples(5, [[60]], stream="__tick", task=-1)
                self.assertEqual(worker.until(1), [["log", "tick 60"], ["ack", 5]])
                worker.end()

    def test_batches(self) -> None:
        script = bolt(
            """
ticks_between_batches = 2
def group_key(self, tup): return tup.values[0] % 2
def process_batch(self, key, tups):
    if key: raise ValueError("odd")
    self.emit([len(tups)])
""",
            "BatchingBolt",
        )
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(script, channel)
                worker.tuples(1, [[0], [1], [2]])
                worker.tuples(4, [[60]], stream="__tick", task=-1)
                self.assertEqual(worker.until(1), [["ack", 4]])
                worker.tuples(5, [[60]], stream="__tick", task=-1)
                found = worker.until(4)
                self.assertIn(["emit", None, [1, 3], [2]], found)
                for entry in (["ack", 1], ["ack", 3], ["ack", 5], ["fail", 2]):
                    self.assertIn(entry, found)
                worker.end()


class ChannelTests(BoltCase):
    def test_credit_comes_back_for_every_tuple(self) -> None:
        script = bolt("auto_ack = False\ndef process(self, tup): pass")
        worker = self.start(script, True)
        worker.tuples(1, [["a"]] * 100)
        given = 0
        while given < 100:
            kind, content = worker.next_frame()
            self.assertEqual(kind, b"C")
            given += int.from_bytes(content, "little")
        self.assertEqual(given, 100)
        worker.end()

    def test_slow_work_is_handed_over_before_the_batch_is_done(self) -> None:
        # The second half waits for what only comes when the first half has been seen.
        folder_script = bolt(
            """
def process(self, tup):
    if tup.values[0] == 40:
        for _ in range(2000):
            if os.path.exists(tup.values[1]): return
            time.sleep(0.01)
        raise TimeoutError
    time.sleep(0.002)
"""
        )
        worker = self.start(folder_script, True)
        mark = worker.folder.name + "/mark"
        worker.tuples(1, [[number, mark] for number in range(50)])
        worker.until(20)
        with open(mark, "w"):
            pass
        worker.end()

    def test_large_emits_leave_in_several_frames(self) -> None:
        emits = 'def process(self, tup):\n    for n in range(300): self.emit(["x" * 1000, n], stream=%r)'
        for version, wanted, stream in ((1, b"E", None), (2, b"M", None), (1, b"E", "s"), (2, b"M", "s")):
            with self.subTest(version=version, stream=stream):
                script = bolt(emits % stream)
                worker = self.start(script, version)
                worker.tuples(1, [["a"]])
                frames = 0
                numbers: List[int] = []
                while len(numbers) < 300:
                    kind, content = worker.next_frame()
                    self.assertEqual(kind, wanted)
                    self.assertLess(len(content), 40000)
                    frames += 1
                    found = emits_of(kind, content)
                    self.assertEqual({named for named, _, _ in found}, {stream})
                    numbers += [values[1] for _, _, values in found]
                self.assertEqual(numbers, list(range(300)))
                self.assertGreater(frames, 8)
                worker.until(1)
                worker.end()

    def test_many_emits_keep_their_order_across_streams(self) -> None:
        script = bolt("def process(self, tup):\n    for n in range(1000): self.emit([n], stream='s' if n % 300 < 150 else None)")
        worker = self.start(script, 2)
        worker.tuples(1, [["a"]])
        emits = [entry for entry in worker.until(1) if entry[0] == "emit"]
        self.assertEqual(emits, [["emit", "s" if n % 300 < 150 else None, [1], [n]] for n in range(1000)])
        worker.end()

    def test_plain_values_are_packed_and_others_are_text_in_their_order(self) -> None:
        script = bolt(
            """
class Word(str): pass
def process(self, tup):
    self.emit(["a", 1, -(2 ** 40), 0.5, True, None, "\u20ac"])
    self.emit([[1]])
    self.emit([2 ** 63])
    self.emit([2 ** 63 - 1])
    self.emit(["b"], stream="s")
    self.emit(("c", 2 ** 70), stream="s", anchors=[tup, tup])
    self.emit([self.Word("d")])
    self.emit([self.Word("e")], stream="s")
    self.emit(["f"], anchors=[])
"""
        )
        worker = self.start(script, 2)
        worker.tuples(7, [["x"]])
        found: List[Any] = []
        kinds = b""
        while len(found) < 9:
            kind, content = worker.next_frame()
            if kind in (b"E", b"M"):
                kinds += kind
                found += emits_of(kind, content)
        self.assertEqual(kinds, b"MEMEM")
        self.assertEqual(
            found,
            [
                [None, 7, ["a", 1, -(2**40), 0.5, True, None, "\u20ac"]],
                [None, 7, [[1]]],
                [None, 7, [2**63]],
                [None, 7, [2**63 - 1]],
                ["s", 7, ["b"]],
                ["s", [7, 7], ["c", 2**70]],
                [None, 7, ["d"]],
                ["s", 7, ["e"]],
                [None, [], ["f"]],
            ],
        )
        worker.until(1)
        worker.end()

    def test_a_channel_of_another_version_is_not_used(self) -> None:
        worker = Worker(PASSING, True, version=0)
        worker.uses_channel = False
        self.assertEqual(worker.next(), {"pid": worker.child.pid})
        worker.tuples(1, [["a"]])
        worker.until(1)
        worker.uses_channel = True
        assert worker.child.stdin is not None
        worker.end()

    def test_what_it_starts_does_not_get_the_channel(self) -> None:
        script = bolt(
            """
def process(self, tup):
    import subprocess
    self.emit([subprocess.run("ls /proc/self/fd", shell=True, close_fds=False, stdout=-1).stdout.decode().split()])
"""
        )
        worker = self.start(script, True)
        worker.tuples(1, [["a"]])
        found = worker.until(1)
        # 0, 1, 2, and that of ls itself.
        self.assertLessEqual(len(found[0][3][0]), 4, found)
        worker.end()


if __name__ == "__main__":
    unittest.main()
