import FoundationEssentials

/// Children for tests, in Python: the protocol as its document has it, written for these tests.
enum Scripts {
    /// The protocol, before the script proper. `emit` waits for task ids unless told otherwise, as Storm's library does.
    static let library = """
        import sys, json, os, time
        lists, commands = [], []
        def is_first(name="mark"):
            mark = os.path.join(os.environ["MARKS"], name)
            if os.path.exists(mark): return False
            open(mark, "w").close()
            return True
        def read():
            lines = []
            while True:
                line = sys.stdin.readline()
                if not line: sys.exit(2)
                if line == "end\\n": return json.loads("".join(lines))
                lines.append(line)
        def send(message):
            sys.stdout.write(json.dumps(message) + "\\nend\\n")
            sys.stdout.flush()
        def command():
            if commands: return commands.pop(0)
            while True:
                message = read()
                if not isinstance(message, list): return message
                lists.append(message)
        def task_ids():
            if lists: return lists.pop(0)
            while True:
                message = read()
                if isinstance(message, list): return message
                commands.append(message)
        def emit(values, wait=True, **others):
            message = {"command": "emit", "tuple": values}
            message.update(others)
            if not wait: message["need_task_ids"] = False
            send(message)
            if wait and "task" not in others: return task_ids()
        def ack(t): send({"command": "ack", "id": t["id"]})
        def fail(t): send({"command": "fail", "id": t["id"]})
        def log(text, level=2): send({"command": "log", "msg": text, "level": level})
        def sync(): send({"command": "sync"})
        def is_heartbeat(t): return t["task"] == -1 and t["stream"] == "__heartbeat"
        def hello():
            setup = read()
            open(os.path.join(setup["pidDir"], str(os.getpid())), "w").close()
            send({"pid": os.getpid()})
            return setup
        def bolt(process):
            setup = hello()
            while True:
                t = command()
                if is_heartbeat(t): sync()
                else: process(t)
        def spout(next_tuple, ack=lambda i: None, fail=lambda i: None):
            while True:
                c = command()
                if c["command"] == "next": next_tuple()
                elif c["command"] == "ack": ack(c["id"])
                elif c["command"] == "fail": fail(c["id"])
                sync()

        """

    /// Where `is_first` notes that a script was here before, in an earlier process. Removed with the value.
    final class Marks: Sendable {
        let path = FileManager.default.temporaryDirectory.path + "/storm-marks-" + UUID().uuidString

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        // What is left behind is one small folder.
        deinit { try? FileManager.default.removeItem(atPath: path) }

        var environment: [String: String] { ["MARKS": path] }
    }

    static func python(_ script: String) -> [String] { ["/usr/bin/python3", "-u", "-c", library + script] }

    /// A script that uses the Python package, as it is in this repository.
    static func package(_ script: String) -> [String] {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(root)/Sources/StormPython/src"
        return ["/usr/bin/python3", "-u", "-c", "import os, sys, time; sys.path.insert(0, '\(path)')\n" + script]
    }

    /// The channel by hand, on top of `library`.
    static let channelLibrary = """
        import struct
        def frame(kind, content=b""): os.write(4, struct.pack("<I", len(content) + 1) + kind + content)
        def numbers(kind, *them): frame(kind, struct.pack("<%dQ" % len(them), *them))
        def message(content): frame(b"J", json.dumps(content).encode())
        setup = read()
        channel = os.fdopen(setup["channel"]["read"], "rb")
        def next_frame():
            header = channel.read(5)
            if len(header) < 5: sys.exit(2)
            length, kind = struct.unpack("<Ic", header)
            return kind, channel.read(length - 1)
        def tuples():
            # Pairs of a number and its values, for ever; heartbeats are answered.
            while True:
                kind, content = next_frame()
                if kind == b"T":
                    for comp, stream, task, first, rows in json.loads(content):
                        for number, row in enumerate(rows, first): yield number, row
                elif b"__heartbeat" in content: frame(b"S")
        def pass_on(number, row, credit=1):
            frame(b"E", json.dumps([[None, [[number, row]]]]).encode())
            numbers(b"A", number)
            if credit: frame(b"C", struct.pack("<I", credit))

        """

    static func channel(_ script: String) -> [String] { python(channelLibrary + script) }

    /// Passes its first value on, anchored, and acks.
    static let passing = python(
        """
        def process(t):
            emit([t["tuple"][0]], anchors=[t["id"]])
            ack(t)
        bolt(process)
        """)
}
