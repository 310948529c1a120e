/// A bolt in Python that only acks, with the JSON library that Python has: what any child in Python does at least.
enum AckingChild {
    static let command = ["python3", "-c", script]

    private static let script = """
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
            if t["task"] == -1 and t["stream"] == "__heartbeat": send({"command": "sync"})
            else: send({"command": "ack", "id": t["id"]})
        """
}
