import StormWire
import Testing

@testable import storm_perf

/// Each micro-benchmark in tiny form: it still runs, and did the work that it is the measure of.
@Suite struct MicroBenchmarkTests {
    private static let operations = 1_000

    private func run(_ name: String) throws -> UInt64 {
        let benchmark = try #require(MicroBenchmark.all.first { $0.name == name })
        let result = try benchmark.run(operations: Self.operations, rounds: 2)
        #expect(result.name == name && result.operations == Self.operations && !result.unit.isEmpty)
        #expect(result.nanosecondsPerOperation > 0 && result.nanosecondsPerOperation.isFinite)
        return result.check
    }

    @Test func theyAreTheOnesTestedHere() {
        #expect(Set(MicroBenchmark.all.map(\.name)) == ["encode", "route", "decode", "hand-over", "ack", "pending"])
    }

    /// Bytes of the tuples that `encode` and `route` emit, without the headers of their batches.
    private var tupleBytes: UInt64 {
        let words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]
        return (0..<Self.operations).reduce(0) { sum, number in
            sum
                + UInt64(
                    BatchLayout.tupleHeaderBytes + words[number & 7].encodedByteCount + number.encodedByteCount)
        }
    }

    @Test func encodeWritesEveryTupleOnce() throws {
        let batchBytes = try run("encode") - tupleBytes
        #expect(batchBytes % UInt64(BatchLayout.headerBytes) == 0)
        #expect((1...2).contains(batchBytes / UInt64(BatchLayout.headerBytes)))
    }

    @Test func routeWritesEveryTupleOnceToATaskPerWord() throws {
        let batchBytes = try run("route") - tupleBytes
        #expect(batchBytes % UInt64(BatchLayout.headerBytes) == 0)
        // Eight words have at most eight tasks.
        #expect((2...8).contains(batchBytes / UInt64(BatchLayout.headerBytes)))
    }

    @Test func decodeReadsBothFieldsOfEachTuple() throws {
        #expect(try run("decode") == UInt64(Self.operations) * (UInt64(UInt8(ascii: "a")) + 1))
    }

    @Test func handOverPassesAsManyBatchesAsWanted() throws {
        // Those that the last look found together are all counted.
        #expect((1_000...1_016).contains(try run("hand-over")))
    }

    @Test func ackCompletesEveryTree() throws { #expect(try run("ack") == 1_000) }

    @Test func pendingReleasesEveryMessage() throws { #expect(try run("pending") == 1_000) }
}
