import CAllocationCount
import Foundation
import Glibc
import StormCore
import Testing

@testable import storm_perf

/// From samples to the numbers on stdout.
@Suite struct MeasurementTests {
    private func sample(_ second: Int, executed: Int, acked: Int) -> Sample {
        var sample = Sample()
        sample.nanoseconds = Int64(second) * 1_000_000_000
        sample.cpuSeconds = Double(second) / 2
        sample.allocations = second * 10
        sample.wireBytesSent = executed * 24
        sample.residentBytes = 1_000 * second
        sample.peakResidentBytes = 2_000 * second
        sample.components["spout"] = Sample.Component(emitted: executed, acked: acked)
        sample.components["null"] = Sample.Component(executed: executed)
        return sample
    }

    @Test func aResultIsTheDifferenceOfTwoSamples() throws {
        let specification = RunSpecification(.constSpoutNullBolt)
        var before = sample(2, executed: 1_000, acked: 900)
        before.completeLatency.record(5_000_000)
        var after = sample(6, executed: 9_000, acked: 6_900)
        after.completeLatency = before.completeLatency
        for _ in 0..<99 { after.completeLatency.record(10_000) }
        let result = RunResult(specification, before: [before], after: [after])
        #expect(result.topology == "ConstSpoutNullBolt" && result.acking && result.workers == 1)
        #expect(result.seconds == 4 && result.tuplesPerSecond == 2_000 && result.ackedPerSecond == 1_500)
        #expect(result.cpuSeconds == 2 && result.tuplesPerCPUSecond == 4_000)
        #expect(result.wireBytesPerTuple == 24 && result.wireBytesPerSecond == 48_000)
        #expect(result.allocationsPerTuple == 40.0 / 8_000)
        #expect(result.residentBytes == [6_000] && result.peakResidentBytes == [12_000])
        // The slow message was before the window.
        let latency = try #require(result.latencyMicroseconds)
        #expect((10...10.625).contains(latency.p50) && latency.max < 11)
        #expect(result.scheduleLatencyMicroseconds == nil)
    }

    @Test func severalWorkersAreAddedUpOverTheSameTime() {
        var specification = RunSpecification(.crossWorker)
        specification.acking = false
        var far = sample(2, executed: 0, acked: 0)
        far.components = [:]
        var farAfter = sample(6, executed: 0, acked: 0)
        farAfter.components = [:]
        let result = RunResult(
            specification, before: [sample(2, executed: 0, acked: 0), far],
            after: [sample(6, executed: 4_000, acked: 4_000), farAfter])
        #expect(result.workers == 2 && result.seconds == 4 && result.tuplesPerSecond == 1_000)
        #expect(result.cpuSeconds == 4 && result.tuplesPerCPUSecond == 1_000)
        #expect(result.ackedPerSecond == 0 && result.residentBytes.count == 2)
    }

    @Test func aSpoutWithoutConsumersIsMeasuredByWhatItEmits() {
        let result = RunResult(
            RunSpecification(.constSpoutOnly), before: [sample(0, executed: 0, acked: 0)],
            after: [sample(1, executed: 700, acked: 700)])
        #expect(result.tuplesPerSecond == 700)
    }

    @Test func theJSONHasTheNamesThatScriptsRelyOn() throws {
        var after = sample(1, executed: 10, acked: 10)
        after.completeLatency.record(1_000)
        let result = RunResult(
            RunSpecification(.constSpoutNullBolt), before: [sample(0, executed: 0, acked: 0)], after: [after])
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(result))
        let fields = try #require(object as? [String: Any])
        for name in [
            "topology", "acking", "workers", "seconds", "tuples_per_second", "acked_per_second", "cpu_seconds",
            "tuples_per_cpu_second", "latency_us", "peak_rss_bytes", "wire_bytes_per_tuple", "allocations_per_tuple",
        ] { #expect(fields[name] != nil, "\(name)") }
        let latency = try #require(fields["latency_us"] as? [String: Any])
        #expect(Set(latency.keys) == ["p50", "p90", "p99", "p999", "max"])
    }

    @Test func requestsAndAnswersSurviveTheLine() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { close(ends[0]) }
        var channel = LineChannel(input: ends[0], output: ends[1])
        var specification = RunSpecification(.wordCount)
        specification.rate = 5
        try channel.send(Request.listen(specification, index: 3))
        try channel.send(Answer.failed("no\nport"))
        guard case .listen(specification, index: 3)? = try channel.receive(Request.self, within: 5) else {
            Issue.record("the request came out different")
            return
        }
        guard case .failed("no\nport")? = try channel.receive(Answer.self, within: 5) else {
            Issue.record("the answer came out different")
            return
        }
        close(ends[1])
        #expect(try channel.receive(Answer.self, within: 5) == nil)
    }

    @Test func aWorkerThatSaysNothingIsNotWaitedForForEver() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        var channel = LineChannel(input: ends[0], output: ends[1])
        #expect(throws: PerfError.self) { try channel.receive(Answer.self, within: 0.01) }
    }

    /// Linking `storm-perf` replaces the C library's allocator entry points in this process: they count and still work.
    @Test func allocationsAreCountedAndMemoryIsWhatWasAskedFor() {
        let before = storm_allocation_count()
        for size in [1, 24, 4_096, 1 << 20] {
            let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
            bytes.update(repeating: 7, count: size)
            #expect(bytes[size - 1] == 7)
            bytes.deallocate()
            let aligned = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 256)
            #expect(UInt(bitPattern: aligned) % 256 == 0)
            aligned.deallocate()
        }
        let zeroed = calloc(100, 8)
        #expect(zeroed.map { memcmp($0, [UInt8](repeating: 0, count: 800), 800) } == 0)
        let larger = realloc(zeroed, 100_000)
        #expect(larger != nil)
        free(larger)
        // In a build with a sanitizer nothing is counted.
        #expect(before == 0 || storm_allocation_count() >= before + 10)
    }

    @Test func theProcessKnowsItsSize() {
        #expect(ProcessMemory.bytes("VmRSS:") > 1 << 20)
        #expect(ProcessMemory.bytes("VmHWM:") >= ProcessMemory.bytes("VmRSS:") / 2)
        #expect(ProcessMemory.bytes("VmNothing:") == 0)
    }

    @Test func referencesMoveSomething() throws {
        let loop = WordCountLoop.run(seconds: 0.01)
        #expect(loop.unit == "words" && loop.perSecond > 0 && loop.perCPUSecond > 0)
        let tcp = try RawTCP.run(seconds: 0.01)
        #expect(tcp.unit == "bytes" && tcp.perSecond > 0 && tcp.perCPUSecond > 0)
    }

    @Test func sentencesAreTheSameInEachRunAndHaveSevenWords() {
        let sentences = Sentences.generate(count: 50, seed: 7)
        #expect(sentences == Sentences.generate(count: 50, seed: 7))
        #expect(sentences.allSatisfy { $0.split(separator: " ").count == Sentences.wordsPerSentence })
    }

    @Test func wordsAreCutAtSpacesHoweverMany() {
        func words(_ text: String) -> [String] {
            var found: [String] = []
            var text = text
            text.withUTF8 { Words.each($0) { found.append(String(decoding: $0, as: UTF8.self)) } }
            return found
        }
        #expect(words("one two") == ["one", "two"])
        #expect(words("  one   two ") == ["one", "two"])
        #expect(words("") == [] && words(" ") == [] && words("x") == ["x"])
    }
}
