import StormCore
import StormTopology
import StormWire
import Testing

@Suite struct RetryPolicyTests {
    private final class Source: Spout {
        static var outputs: Outputs { ["a"] }
        func nextTuple(_ out: SpoutCollector) throws {}
    }

    private func built(_ policy: RetryPolicy) throws -> Topology {
        let builder = TopologyBuilder()
        builder.spout("s") { Source() }.retry(policy)
        return try builder.build()
    }

    @Test func aPolicyComesBackFromTheSpoutsConfiguration() throws {
        let policy = RetryPolicy.attempts(
            7,
            backoff: .exponential(from: .milliseconds(5), to: .seconds(3), multiplier: 1.5, jitter: 0.25),
            maxWaiting: 12, bufferBytes: 4096)
        let configuration = try built(policy).description["s"]?.configuration ?? [:]
        #expect(RetryPolicy(configuration) == policy)
    }

    @Test func withoutAttemptsThereIsNoPolicy() {
        #expect(RetryPolicy([:]) == nil)
        #expect(RetryPolicy(["topology.retry.max.attempts": 0]) == nil)
        #expect(RetryPolicy(["topology.retry.max.attempts": "many"]) == nil)
    }

    @Test func keysThatAreNotSetHaveTheirDefaults() throws {
        let policy = try #require(RetryPolicy(["topology.retry.max.attempts": 3]))
        #expect(policy == .attempts(3))
    }

    @Test func valuesOutOfRangeAreFaultsOfTheTopology() {
        let policy = RetryPolicy.attempts(
            -1, backoff: .exponential(from: .seconds(1), to: .zero, multiplier: 0.5, jitter: 2), maxWaiting: 0)
        let error = #expect(throws: InvalidTopologyError.self) { try built(policy) }
        let text = error?.description ?? ""
        for key in ["max.attempts", "max.backoff.ms", "multiplier", "jitter", "max.waiting"] {
            #expect(text.contains("topology.retry.\(key) is "), "\(key): \(text)")
        }
    }

    @Test func aMistypedKeyIsAFault() {
        let builder = TopologyBuilder()
        builder.spout("s") { Source() }.set("topology.retry.attempts", 3)
        let error = #expect(throws: InvalidTopologyError.self) { try builder.build() }
        #expect(error?.description.contains("topology.retry.attempts is no key of the system") == true)
    }

    @Test func payloadsGiveTheirValuesBack() {
        let values: [Value] = [.null, 1, 1.0, "ü", .bytes([0, 255]), [1, ["k": .list([])]], ["a": true]]
        let payload = MessagePayload(stream: 2, values: values, only: nil)
        #expect(payload.values == values && payload.fieldCount == values.count)
    }

    @Test func retainedMessagesAreTakenOnceAndCounted() {
        let retained = RetainedMessages(bytesMax: 10)
        func keep(_ slot: Int, _ text: [UInt8]) {
            text.withUnsafeBytes { retained.keep(slot, stream: 1, fieldCount: 2, only: nil, fields: $0) }
        }
        keep(3, [1, 2, 3, 4])
        keep(0, [5])
        #expect(retained.byteCount == 5 && !retained.isFull)
        #expect(retained.take(3)?.fields == [1, 2, 3, 4])
        #expect(retained.take(3) == nil && retained.take(99) == nil)
        retained.release(0)
        retained.release(0)
        retained.release(99)
        #expect(retained.byteCount == 0)
        keep(0, Array(repeating: 9, count: 10))
        #expect(retained.isFull)
        keep(0, [])
        #expect(!retained.isFull && retained.take(0)?.fields == [])
    }
}
