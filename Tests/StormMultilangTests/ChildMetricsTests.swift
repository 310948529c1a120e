import StormCore
import StormMultilang
import StormRuntime
import StormTestKit
import StormTopology
import StormWire
import Testing

/// What children report of their own shows where Swift components' own metrics show.
@Suite(.serialized) struct ChildMetricsTests {
    /// The metrics of the bolt when all tuples are acked, by name.
    private func metrics(_ command: [String], _ settings: [String: ConfigValue]) async throws -> [String: UserMetric
        .Value]
    {
        let check = DeliveryCheck()
        var found: [String: UserMetric.Value] = [:]
        try await withEngine(
            configure: { $0.values.merge(settings) { $1 } },
            build: { topology in
                topology.spout("source") { CheckingSpout(check, count: 100) }
                topology.bolt("shell") { ShellBolt(command: command, outputs: ["id"]) }.shuffle("source")
                topology.bolt("sink") { CheckingSink(check) }.shuffle("shell")
            }
        ) { engine in
            try await check.wait(acked: 100)
            let bolt = try #require(await engine.statistics().first { $0.component == "shell" })
            found = Dictionary(uniqueKeysWithValues: bolt.userMetrics.map { ($0.name, $0.value) })
        }
        return found
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func countersAndGaugesOfAChildAreTheTasksOwn(_ hasChannel: Bool) async throws {
        let script = Scripts.package(
            """
            from stormswift import Bolt
            class Reporting(Bolt):
                def process(self, tup):
                    self.report_metric("seen")
                    self.report_metric("sum", tup.values[0])
                    self.report_gauge("level", 5)
                    self.report_gauge("level", tup.values[0] / 2)
                    for bad in ("text", [1], -3, float("nan")): self.report_metric("bad", bad)
                    self.report_metric("sum", -1)
                    self.report_metric("", 1)
                    self.emit([tup.values[0]])
            Reporting().run()
            """)
        let found = try await metrics(script, ["topology.multilang.channel": .bool(hasChannel)])
        #expect(found == ["seen": .counter(100), "sum": .counter(4950), "level": .gauge(49.5)])
    }

    @Test(.timeLimit(.minutes(1))) func namesAreBounded() async throws {
        let script = Scripts.python(
            """
            def process(t):
                number = t["tuple"][0]
                for n in range(5): send({"command": "metrics", "name": "m%d" % (number * 5 + n), "params": 1})
                send({"command": "metrics", "name": "x" * 201, "params": 1})
                send({"command": "metrics", "name": "m0", "params": 2, "kind": "counter"})
                emit([number], anchors=[t["id"]])
                ack(t)
            bolt(process)
            """)
        let found = try await metrics(script, [:])
        #expect(found.count == 100)
        #expect(found["m0"] == .counter(201) && found["m99"] == .counter(1))
        #expect(found.keys.allSatisfy { $0.utf8.count < 201 })
    }

    @Test(.timeLimit(.minutes(1))) func theNextChildGoesOnCounting() async throws {
        let marks = try Scripts.Marks()
        let script = Scripts.python(
            """
            def process(t):
                emit([t["tuple"][0]], anchors=[t["id"]])
                if is_first("mark"): os._exit(3)
                send({"command": "metrics", "name": "kind", "params": 7, "kind": "gauge"})
                ack(t)
            os.environ["MARKS"] = "\(marks.path)"
            setup = hello()
            send({"command": "metrics", "name": "starts", "params": None})
            while True:
                t = command()
                if is_heartbeat(t): sync()
                else: process(t)
            """)
        let found = try await metrics(script, [:])
        #expect(found["starts"] == .counter(2) && found["kind"] == .gauge(7))
    }
}
