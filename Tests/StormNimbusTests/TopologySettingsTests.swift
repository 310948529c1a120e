import StormCluster
import StormCore
import StormNimbus
import Testing

/// New settings of a running topology: which it can take, and what a rebalance does with them.
@Suite struct TopologySettingsTests {
    private func refusal(_ settings: [String: ConfigValue]) -> String? {
        do {
            _ = try TopologySettings.check(settings)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func aTopologysOwnKeysAndAUsersKeysAreTaken() throws {
        let settings: [String: ConfigValue] = [
            "topology.max.spout.pending": .int(5), "topology.message.timeout.secs": .int(60), "my.key": .string("x"),
            "topology.debug": .null,
        ]
        #expect(try TopologySettings.check(settings) == settings)
    }

    @Test(arguments: [
        ("topology.workers", "(-n)"), ("topology.name", "keeps its name"), ("nimbus.seeds", "a key of the cluster"),
        ("topology.acker.executors", "__acker"), ("topology.max.spout.pendin", "did you mean"),
        ("my.password", "a secret"),
    ])
    func whatCannotChangeIsRefusedWithAReason(key: String, reason: String) {
        let text = refusal([key: .int(3)])
        #expect(text?.contains("'\(key)' cannot be set") == true && text?.contains(reason) == true)
    }

    @Test func aValueOfTheWrongKindIsRefusedAndAllFaultsAreNamed() {
        let text = refusal(["topology.message.timeout.secs": .string("soon"), "topology.workers": .int(1)])
        #expect(text?.contains("topology.message.timeout.secs") == true && text?.contains("topology.workers") == true)
    }

    @Test func theyCountWithTheNewAssignmentAndEveryWorkerStartsAgain() async throws {
        let cluster = try await Fixture()
        let node = try await cluster.startSupervisor("n1")
        let record = base("t")
        try await cluster.state.storms.create(record.id, record)
        try await cluster.settle()
        let sessions = try await cluster.bringUp(record.id)
        let before = try #require(try await cluster.assignment(record.id))
        try await cluster.apply(.rebalance(.init(settings: ["topology.max.spout.pending": .int(7)])), to: record.id)
        try await cluster.settle()
        #expect(try await cluster.record(record.id)?.settings == nil)
        #expect(try await cluster.assignment(record.id) == before)
        try await cluster.report(record.id, drained: 1)
        try await cluster.settle()
        let after = try #require(try await cluster.assignment(record.id))
        #expect(try await cluster.record(record.id)?.settings == ["topology.max.spout.pending": .int(7)])
        #expect(after.settings == ["topology.max.spout.pending": .int(7)])
        #expect(after.workers.map(\.slot) == before.workers.map(\.slot))
        #expect(after.workers.allSatisfy { $0.incarnation == after.generation })
        withExtendedLifetime((node, sessions)) {}
    }

    @Test func laterSettingsAreAddedAndNullTakesOneBack() throws {
        var record = base("t")
        func rebalanced(_ settings: [String: ConfigValue]) throws -> [String: ConfigValue]? {
            for event in [LifecycleEvent.rebalance(.init(settings: settings)), .drained, .started] {
                record = try TopologyLifecycle.apply(event, record, nowMilliseconds: 1, defaultWaitSeconds: 1).base
            }
            return record.settings
        }
        #expect(try rebalanced(["a": .int(1)]) == ["a": .int(1)])
        #expect(try rebalanced(["b": .int(2)]) == ["a": .int(1), "b": .int(2)])
        #expect(try rebalanced(["a": .null]) == ["b": .int(2)])
        #expect(try rebalanced([:]) == ["b": .int(2)])
        #expect(try rebalanced(["b": .null]) == nil)
        #expect(record.status == .active && record.action == nil)
    }
}
