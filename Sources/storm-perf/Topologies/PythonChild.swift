/// Bolts in Python that do as little as a bolt can: ack, or pass on one word and ack.
struct PythonChild {
    /// Whether it emits.
    let emits: Bool
    /// An interpreter that has the package storm-swift; nil: `python3`, and the protocol written out in a few lines.
    let package: String?

    var command: [String] {
        if let package { return [package, "-c", emits ? Self.packageEmitting : Self.packageAcking] }
        return ["python3", "-c", Self.plain + (emits ? Self.plainEmitting : Self.plainAcking)]
    }

    /// With the JSON library that Python has: what any child in Python does at least.
    private static let plain = """
        import sys, json, os
        def read():
            lines = []
            for line in sys.stdin:
                if line == "end\\n": return json.loads("".join(lines))
                lines.append(line)
            sys.exit(0)
        def send(message):
            sys.stdout.write(json.dumps(message) + "\\nend\\n")
            sys.stdout.flush()
        setup = read()
        open(os.path.join(setup["pidDir"], str(os.getpid())), "w").close()
        send({"pid": os.getpid()})
        while True:
            t = read()
            if t["task"] == -1 and t["stream"] == "__heartbeat":
                send({"command": "sync"})
                continue

        """
    private static let plainAcking = """
            send({"command": "ack", "id": t["id"]})
        """
    private static let plainEmitting = """
            send({"command": "emit", "tuple": ["word"], "anchors": [t["id"]], "need_task_ids": False})
            send({"command": "ack", "id": t["id"]})
        """
    private static let packageAcking = """
        from stormswift import Bolt
        class Acking(Bolt):
            def process(self, tup): pass
        Acking().run()
        """
    private static let packageEmitting = """
        from stormswift import Bolt
        class Emitting(Bolt):
            def process(self, tup): self.emit(["word"])
        Emitting().run()
        """
}
