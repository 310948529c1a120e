import StormCore
import StormMultilang
import StormRuntime
import StormTestKit
import StormTopology
import StormWire
import Testing

/// Emits 0..<COUNT with ids of every kind, and again what failed; tells of each ack by a tuple on the stream `acks`.
private func source(count: Int, wait: Bool) -> [String] {
    Scripts.python(
        """
        waiting = list(range(\(count)))
        def name(n): return [n, "m" + str(n), [n, "x"], {"n": n}, n + 0.5][n % 5]
        def number(i):
            if isinstance(i, list): return i[0]
            if isinstance(i, dict): return i["n"]
            return int(str(i).lstrip("m").split(".")[0])
        def next_tuple():
            if waiting:
                n = waiting.pop(0)
                emit([n], id=name(n), wait=\(wait ? "True" : "False"))
            else: time.sleep(0.001)
        def acked(i):
            send({"command": "emit", "stream": "acks", "tuple": [number(i)], "need_task_ids": False})
        def failed(i): waiting.append(number(i))
        hello()
        spout(next_tuple, acked, failed)
        """)
}

@Suite(.serialized) struct ShellSpoutTests {
    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func everyMessageIsAckedUnderItsOwnIdOrEmittedAgain(_ wait: Bool) async throws {
        let acks = Observed<[Int: Int]>([:])
        let errors = ErrorLog([])
        try await withEngine(
            errors: errors,
            build: { topology in
                topology.spout("shell") {
                    ShellSpout(
                        command: source(count: 500, wait: wait), outputs: Outputs(["id"]).stream("acks", ["id"]))
                }.maxPending(50)
                topology.bolt("sink") { FailsSomeOnce() }.shuffle("shell")
                topology.bolt("acks") { BlockBolt.counting(acks) }.shuffle("shell", stream: "acks")
            }
        ) { engine in
            try await acks.wait("500 acks") { $0.count == 500 }
            let spout = try #require(await engine.statistics().first { $0.component == "shell" })
            #expect(spout.acked == 500 && spout.failed == 50)
        }
        #expect(acks.value.values.allSatisfy { $0 == 1 })
        #expect(errors.value.isEmpty, "\(errors.value)")
    }

    @Test(.timeLimit(.minutes(1))) func messagesOfALostChildAreEmittedAgainByTheRetryPolicy() async throws {
        let arrived = Observed<[Int: Int]>([:])
        let errors = ErrorLog([])
        let marks = try Scripts.Marks()
        let script = Scripts.python(
            """
            is_first_child = is_first()
            waiting = list(range(300)) if is_first_child else []
            def next_tuple():
                if waiting:
                    emit([waiting.pop(0)], id=len(waiting), wait=False)
                elif is_first_child:
                    os.kill(os.getpid(), 9)
                else: time.sleep(0.001)
            hello()
            spout(next_tuple)
            """)
        try await withEngine(
            errors: errors,
            build: { topology in
                topology.spout("shell") { ShellSpout(command: script, outputs: ["id"], environment: marks.environment) }
                    .retry(.attempts(5, backoff: .constant(.milliseconds(10))))
                topology.bolt("sink") {
                    BlockBolt { tuple, out in
                        let id = tuple.int(0)
                        // Keeps some in flight until the child is gone.
                        let isFirst = arrived.update { arrived in
                            arrived[id, default: 0] += 1
                            return arrived[id] == 1
                        }
                        if !(isFirst && id % 3 == 0) { out.ack(tuple) }
                    }
                }.shuffle("shell")
            }
        ) { engine in
            try await arrived.wait("the kept ones again") { arrived in
                (0..<300).allSatisfy { arrived[$0, default: 0] >= ($0 % 3 == 0 ? 2 : 1) }
            }
        }
        #expect(errors.value.contains { $0.message.contains("SIGKILL") })
    }

    @Test(.timeLimit(.minutes(1))) func aSpoutThatDoesNotAnswerIsKilled() async throws {
        let arrived = Observed(0)
        let errors = ErrorLog([])
        let marks = try Scripts.Marks()
        let script = Scripts.python(
            """
            def next_tuple():
                if is_first(): time.sleep(1000)
                emit([1], wait=False)
            hello()
            spout(next_tuple)
            """)
        try await withEngine(
            errors: errors,
            build: { topology in
                topology.spout("shell") { ShellSpout(command: script, outputs: ["id"], environment: marks.environment) }
                    .set("topology.subprocess.timeout.secs", 1)
                topology.bolt("sink") { BlockBolt.counting(arrived) }.shuffle("shell")
            }
        ) { _ in try await arrived.wait("tuples of the second child") { $0 > 100 } }
        #expect(errors.value.contains { $0.message.contains("no sign of life") })
    }

    @Test(.timeLimit(.minutes(1))) func aSpoutThatIsOffIsNotAsked() async throws {
        let arrived = Observed(0)
        let script = Scripts.python(
            """
            hello()
            def next_tuple(): emit([1], wait=False)
            spout(next_tuple)
            """)
        try await withEngine(build: { topology in
            topology.spout("shell") { ShellSpout(command: script, outputs: ["id"]) }
            topology.bolt("sink") { BlockBolt.counting(arrived) }.shuffle("shell")
        }) { engine in
            try await arrived.wait("tuples") { $0 > 100 }
            engine.setActive(false)
            engine.setActive(true)
            let before = arrived.value
            try await arrived.wait("tuples again") { $0 > before + 100 }
        }
    }
}

private final class FailsSomeOnce: BasicBolt {
    private var seen: Set<Int> = []

    func execute(_ tuple: Tuple, _ out: BasicCollector) throws {
        let number = tuple.int(0)
        if number % 10 == 0, seen.insert(number).inserted { throw FailedError() }
    }
}
