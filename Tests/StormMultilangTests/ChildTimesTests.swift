import StormCore
import StormRuntime
import StormTestKit
import StormTopology
import Testing

@testable import StormMultilang

@Suite(.serialized) struct ChildTimesTests {
    @Test func whatWaitsForItsTurnIsNotWorkedOn() {
        var times = ChildTimes()
        // Three tuples given at once, and settled one after the other.
        for turn in 1...3 {
            times.add(from: 1000, now: 1000 + Int64(turn) * 100, isAcked: turn < 3)
            times.endTurn(now: 1000 + Int64(turn) * 100)
        }
        #expect(times.execute.count == 3 && times.execute.totalNanoseconds == 300)
        #expect(times.process.count == 2 && times.process.totalNanoseconds == 300)
        // After a pause, two in one turn: the pause is nobody's.
        times.add(from: 5000, now: 5400, isAcked: true)
        times.add(from: 5200, now: 5400, isAcked: true)
        times.endTurn(now: 5400)
        times.endTurn(now: 9000)
        #expect(times.execute.count == 5 && times.execute.totalNanoseconds == 700)
        #expect(times.process.totalNanoseconds == 900)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func aShellBoltsLatenciesAreThoseOfItsChild(_ hasChannel: Bool) async throws {
        let check = DeliveryCheck()
        let script = Scripts.package(
            """
            from stormswift import Bolt
            class Slow(Bolt):
                def process(self, tup):
                    time.sleep(0.02)
                    self.emit([tup.values[0]])
            Slow().run()
            """)
        try await withEngine(
            configure: { $0.values["topology.multilang.channel"] = .bool(hasChannel) },
            build: { topology in
                topology.spout("source") { CheckingSpout(check, count: 40) }
                topology.bolt("shell") { ShellBolt(command: script, outputs: ["id"]) }.shuffle("source")
                topology.bolt("sink") { CheckingSink(check) }.shuffle("shell")
            }
        ) { engine in
            try await check.wait(acked: 40)
            let shell = try #require(await engine.statistics().first { $0.component == "shell" })
            let execute = try #require(shell.executeLatency)
            let process = try #require(shell.processLatency)
            #expect(execute.count == 40 && process.count == 40)
            #expect(execute.totalNanoseconds >= 40 * 20_000_000)
            // All were given at once: most of the time they waited for the others.
            #expect(process.totalNanoseconds > 2 * execute.totalNanoseconds)
            // What `storm top` makes its capacity of.
            let figures = try #require(await engine.figures().first { $0.component == "shell" })
            #expect(figures.outsideNanoseconds == execute.totalNanoseconds)
        }
    }

    @Test(.timeLimit(.minutes(1))) func whyAChildEndedIsSaidWhateverElseItReports() async throws {
        let errors = ErrorLog([])
        let script = Scripts.python(
            """
            seen = 0
            def process(t):
                global seen
                seen += 1
                send({"command": "error", "msg": "bad tuple"})
                if seen == 20:
                    sys.stderr.write("last words\\n")
                    sys.stdout.write("garbage\\nend\\n")
                    sys.stdout.flush()
                    time.sleep(1000)
                fail(t)
            bolt(process)
            """)
        let check = DeliveryCheck()
        try await withEngine(
            errors: errors,
            build: { topology in
                topology.spout("source") { CheckingSpout(check, count: 50) }
                topology.bolt("shell") { ShellBolt(command: script, outputs: ["id"]) }.shuffle("source")
            }
        ) { _ in
            let all = try await errors.wait("two ends") {
                $0.filter { $0.message.contains("restarts so far") }.count >= 2
            }
            #expect(all.filter { $0.message == "bad tuple" }.count <= 10)
            let ends = all.map(\.message).filter { $0.contains("restarts so far") }
            #expect(ends[0].contains("was killed: it wrote what cannot be understood"))
            #expect(ends[0].contains("it wrote last: last words"))
            #expect(ends[0].contains("restarts so far: 0") && ends[1].contains("restarts so far: 1"))
        }
    }
}
