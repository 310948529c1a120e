import StormCore
import StormMultilang
import StormRuntime
import StormTestKit
import StormTopology
import Testing

/// Spouts that follow the protocol's document to the letter, in a few lines and without any library: one command, what they
/// have to say, `sync`; what comes after an emit is its list of task ids.
private func literal(_ commands: String) -> [String] {
    [
        "/usr/bin/python3", "-u", "-c",
        """
        import json, os, sys, time
        def read():
            text = ""
            while True:
                line = sys.stdin.readline()
                if not line: sys.exit(0)
                if line == "end\\n": return json.loads(text)
                text += line
        def send(message): sys.stdout.write(json.dumps(message) + "\\nend\\n")
        def emit(message):
            send(message)
            ids = read()
            if not isinstance(ids, list): sys.exit("no list of task ids but " + json.dumps(ids))
        setup = read()
        open(os.path.join(setup["pidDir"], str(os.getpid())), "w").close()
        send({"pid": os.getpid()})
        n = 0
        while True:
            command = read()
            what, which = command["command"], command["id"]
        """ + "\n" + commands.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
            + "\n    send({\"command\": \"sync\"})\n",
    ]
}

@Suite(.serialized) struct LiteralSpoutTests {
    @Test(.timeLimit(.minutes(1))) func afterAnEmitTheTaskIDsAreTheNextThingToRead() async throws {
        let acks = Observed<[Int: Int]>([:])
        let errors = ErrorLog([])
        let script = literal(
            """
            if what == "next" and n < 900:
                for _ in range(3):
                    n += 1
                    emit({"command": "emit", "id": n, "tuple": [n]})
            elif what == "next": time.sleep(0.001)
            elif what == "ack": emit({"command": "emit", "stream": "acks", "tuple": [which]})
            """)
        try await withEngine(
            errors: errors,
            build: { topology in
                topology.spout("shell") {
                    ShellSpout(command: script, outputs: Outputs(["id"]).stream("acks", ["id"]))
                }
                topology.bolt("sink") { BlockBolt { tuple, out in out.ack(tuple) } }.shuffle("shell")
                topology.bolt("acks") { BlockBolt.counting(acks) }.shuffle("shell", stream: "acks")
            }
        ) { engine in
            try await acks.wait("900 acks") { $0.count == 900 }
            let spout = try #require(await engine.statistics().first { $0.component == "shell" })
            #expect(spout.outputs["default"]?.acked == 900 && spout.outputs["acks"]?.acked == 0)
        }
        #expect(acks.value.values.allSatisfy { $0 == 1 })
        #expect(errors.value.isEmpty, "\(errors.value)")
    }

    /// With commands written ahead, it would hear of both only after 32 more emits.
    @Test(.timeLimit(.minutes(1))) func aSlowSpoutHearsOfAcksAndOfItsEndAtOnce() async throws {
        let arrived = Observed(0)
        let acked = Observed<[Int]>([])
        let last = Observed<Int?>(nil)
        let errors = ErrorLog([])
        let script = literal(
            """
            if what == "next":
                time.sleep(0.02)
                n += 1
                emit({"command": "emit", "id": n, "tuple": [n]})
            elif what == "ack": emit({"command": "emit", "stream": "acks", "tuple": [n - which]})
            elif what == "deactivate": emit({"command": "emit", "stream": "end", "tuple": [n]})
            """)
        try await withEngine(
            errors: errors,
            build: { topology in
                topology.spout("shell") {
                    ShellSpout(
                        command: script, outputs: Outputs(["id"]).stream("acks", ["later"]).stream("end", ["last"]))
                }
                topology.bolt("sink") { BlockBolt.counting(arrived) }.shuffle("shell")
                topology.bolt("acks") {
                    BlockBolt { tuple, _ in
                        let later = tuple.int(0)
                        acked.update { $0.append(later) }
                    }
                }.shuffle("shell", stream: "acks")
                topology.bolt("end") {
                    BlockBolt { tuple, _ in
                        let number = tuple.int(0)
                        last.update { $0 = number }
                    }
                }.shuffle("shell", stream: "end")
            }
        ) { engine in
            try await acked.wait("40 acks") { $0.count >= 40 }
            engine.setActive(false)
            let before = arrived.value
            let end = try #require(try await last.wait("the end") { $0 != nil })
            // The one that it is at, and what was on its way while we looked.
            #expect(end - before <= 4, "\(end - before) emits after the spout was told to stop")
        }
        #expect(acked.value.sorted()[acked.value.count / 2] <= 4, "emits between a message and its ack: \(acked.value)")
        #expect(errors.value.isEmpty, "\(errors.value)")
    }
}
