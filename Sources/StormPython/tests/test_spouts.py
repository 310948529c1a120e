from __future__ import annotations

import json
import unittest
from typing import Any, List

from tests.test_bolts import bolt
from tests.worker import WIRES, Worker, emits_of


class SpoutTests(unittest.TestCase):
    def start(self, body: str, channel: int, base: str = "Spout") -> Worker:
        worker = Worker(bolt(body, base), channel)
        self.assertEqual(worker.next()["pid"], worker.child.pid)
        return worker

    def ask(self, worker: Worker, room: int) -> List[Any]:
        """Asks for messages. - Returns: ids and values."""
        if worker.uses_channel:
            worker.frame(b"N", b"%d" % room)
        else:
            worker.send({"command": "next", "id": ""})
        return self.emits(worker)

    def tell(self, worker: Worker, name: str, ids: List[Any]) -> List[Any]:
        if worker.uses_channel:
            worker.frame(b"A" if name == "ack" else b"F", json.dumps(ids).encode())
            return self.emits(worker)
        found = []
        for one in ids:
            worker.send({"command": name, "id": one})
            found += self.emits(worker)
        return found

    def emits(self, worker: Worker) -> List[Any]:
        found: List[Any] = []
        while True:
            if worker.uses_channel:
                kind, content = worker.next_frame()
                if kind == b"S":
                    return found
                if kind in (b"E", b"M"):
                    emits = [[reference, values] for _, reference, values in emits_of(kind, content)]
                    # In bytes a list would be a bolt's anchors.
                    self.assertFalse(kind == b"M" and any(isinstance(emit[0], list) for emit in emits), emits)
                    found += emits
                    continue
                message = json.loads(content.decode())
            else:
                message = worker.next()
            if message["command"] == "sync":
                return found
            if message["command"] == "emit":
                found.append([message.get("id"), message["tuple"]])
            else:
                found.append(message)

    def test_it_emits_up_to_the_room_it_is_given(self) -> None:
        body = "n = 0\ndef next_tuple(self):\n    It.n += 1\n    self.emit([self.n], tup_id=[None, self.n][self.n % 2])"
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(body, channel)
                found = self.ask(worker, 4)
                while len(found) < 4:
                    found += self.ask(worker, 4 - len(found))
                self.assertEqual(found, [[1, [1]], [None, [2]], [3, [3]], [None, [4]]])
                self.assertEqual(worker.end()[0], 0)

    def test_an_id_may_be_a_list_of_numbers(self) -> None:
        body = "def next_tuple(self): self.emit(['a'], tup_id=[0, 5])"
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(body, channel)
                self.assertEqual(self.ask(worker, 1), [[[0, 5], ["a"]]])
                worker.end()

    def test_with_nothing_to_emit_it_answers_at_once(self) -> None:
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start("def next_tuple(self): pass", channel)
                self.assertEqual(self.ask(worker, 100), [])
                worker.end()

    def test_ids_of_any_type_come_back(self) -> None:
        body = "def next_tuple(self): pass\ndef ack(self, i): self.log([\"ack\", i])\ndef fail(self, i): self.log([\"fail\", i])"
        ids: List[Any] = ["m", 5, 1.5, [1, "x"], {"n": None}]
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(body, channel)
                for name in ("ack", "fail"):
                    logged = [entry["msg"] for entry in self.tell(worker, name, ids)]
                    self.assertEqual(logged, [str([name, one]) for one in ids])
                worker.end()

    def test_it_is_told_of_activation(self) -> None:
        body = 'def next_tuple(self): pass\ndef activate(self): self.log("on")\ndef deactivate(self): self.log("off")'
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(body, channel)
                for name, text in (("activate", "on"), ("deactivate", "off")):
                    worker.send({"command": name, "id": ""})
                    self.assertEqual([entry["msg"] for entry in self.emits(worker)], [text])
                worker.end()

    def test_an_exception_is_reported_and_it_goes_on(self) -> None:
        body = "n = 0\ndef next_tuple(self):\n    It.n += 1\n    if self.n == 1: raise ValueError('first')\n    self.emit([self.n])"
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(body, channel)
                self.assertIn("ValueError: first", self.ask(worker, 1)[0]["msg"])
                self.assertEqual(self.ask(worker, 1), [[None, [2]]])
                worker.end()

    def test_a_reliable_spout_emits_again_and_gives_up(self) -> None:
        body = 'max_fails = 2\ndef next_tuple(self): self.emit(["x"], tup_id="m")'
        for channel in WIRES:
            with self.subTest(channel=channel):
                worker = self.start(body, channel, "ReliableSpout")
                self.assertEqual(self.ask(worker, 1), [["m", ["x"]]])
                self.assertEqual(self.tell(worker, "fail", ["m"]), [["m", ["x"]]])
                self.assertEqual(self.tell(worker, "fail", ["m"]), [["m", ["x"]]])
                given_up = self.tell(worker, "fail", ["m"])
                self.assertEqual([entry["level"] for entry in given_up], [4])
                self.assertEqual(self.tell(worker, "fail", ["m", "unknown"]), [])
                self.assertEqual(self.ask(worker, 1), [["m", ["x"]]])
                self.assertEqual(self.tell(worker, "ack", ["m"]), [])
                self.assertEqual(self.tell(worker, "fail", ["m"]), [])
                worker.end()


if __name__ == "__main__":
    unittest.main()
