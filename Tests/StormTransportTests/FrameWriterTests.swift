import Glibc
import NIOCore
import StormWire
import Testing

@testable import StormTransport

/// The sending half over a pair of sockets in this process.
@Suite struct FrameWriterTests {
    private final class Pair {
        let writer: FrameWriter
        let counters = TransportCounters()
        let schema: Schema
        let reader: Int32
        private var nextNumber: UInt64 = 1

        init(maxFrameBytes: Int = 1 << 20) throws {
            schema = try twoStepSchema()
            var ends: [Int32] = [-1, -1]
            try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
            reader = ends[1]
            writer = FrameWriter(counters, maxFrameBytes: maxFrameBytes)
            writer.open(ends[0], attempt: 1)
        }

        deinit { close(reader) }

        func queue(_ number: Int, textBytes: Int = 10) {
            _ = writer.queue.push(
                tupleBatch(schema, to: 2, number: number, text: String(repeating: "x", count: textBytes)))
        }

        /// All that has arrived.
        func read() -> [UInt8] {
            var all: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = recv(reader, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                if count <= 0 { return all }
                all += buffer[..<count]
            }
        }

        /// Numbers of the first tuples of the frames in `bytes`, which must be whole and sound.
        func numbers(_ bytes: [UInt8]) throws -> [Int] {
            var assembler = FrameAssembler(maxFrameBytes: 1 << 20)
            return try bytes.withUnsafeBytes { bytes in
                var rest = bytes
                var numbers: [Int] = []
                while let batch = try assembler.next(&rest, { Batch(capacityBytes: $0, schema: schema) }) {
                    #expect(try Frame(batch.bytes, number: nextNumber) == .batch)
                    nextNumber += 1
                    numbers.append(Tuple2.number(batch))
                }
                #expect(assembler.pendingBytes == 0)
                return numbers
            }
        }
    }

    @Test func sendsWhatIsQueuedInOrder() throws {
        let pair = try Pair()
        for number in 0..<100 { pair.queue(number) }
        #expect(pair.writer.send().isDone)
        #expect(try pair.numbers(pair.read()) == Array(0..<100))
        #expect(pair.counters.snapshot.framesUnconfirmed == 100)
        #expect(!pair.writer.isEmpty)
        #expect(pair.writer.confirm((1...100).map { UInt64($0) }).isSound)
        #expect(pair.writer.isEmpty)
        #expect(pair.counters.snapshot.bytesUnconfirmed == 0)
    }

    @Test func aFullSocketLeavesTheRestAndNothingOvertakesIt() throws {
        let pair = try Pair()
        for number in 0..<200 { pair.queue(number, textBytes: 10_000) }
        var bytes: [UInt8] = []
        var pauses = 0
        while true {
            let outcome = pair.writer.send()
            bytes += pair.read()
            guard let rest = outcome.rest else { break }
            pauses += 1
            // Until the rest is out nothing else is sent.
            #expect(pair.writer.send().isDone)
            #expect(pair.read().isEmpty)
            bytes += Array(rest.readableBytesView)
            pair.writer.restWasSent(ofAttempt: outcome.attempt)
        }
        #expect(pauses > 0)
        #expect(try pair.numbers(bytes) == Array(0..<200))
    }

    @Test func theRestOfAPastConnectionOpensNothing() throws {
        let pair = try Pair()
        for number in 0..<200 { pair.queue(number, textBytes: 10_000) }
        let outcome = pair.writer.send()
        #expect(outcome.rest != nil)
        pair.writer.restWasSent(ofAttempt: outcome.attempt + 1)
        _ = pair.read()
        _ = pair.writer.send()
        #expect(pair.read().isEmpty)
    }

    @Test func tooLongFramesAreHandedBackAndTheOthersSent() throws {
        let pair = try Pair(maxFrameBytes: 1000)
        pair.queue(1)
        pair.queue(2, textBytes: 2000)
        pair.queue(3)
        #expect(pair.writer.send().tooLong.map { Tuple2.number($0) } == [2])
        #expect(try pair.numbers(pair.read()) == [1, 3])
    }

    @Test func aBrokenSocketIsReportedAndItsFramesStayUnconfirmed() throws {
        let pair = try Pair()
        shutdown(pair.reader, Int32(SHUT_RDWR))
        pair.queue(1)
        #expect(pair.writer.send().failure == EPIPE)
        pair.queue(2)
        #expect(pair.writer.send().isDone)
        pair.writer.close()
        #expect(pair.writer.takeUnconfirmed().map { Tuple2.number($0) } == [1])
        #expect(pair.writer.takeUnsent { _ in false }.map { Tuple2.number($0) } == [2])
        #expect(pair.writer.isEmpty)
    }

    @Test func withoutAConnectionEverythingWaits() throws {
        let pair = try Pair()
        pair.writer.close()
        pair.queue(1)
        #expect(pair.writer.send().isDone)
        #expect(pair.read().isEmpty)
        #expect(!pair.writer.isEmpty)
        #expect(pair.writer.takeUnsent { Tuple2.number($0) == 1 }.isEmpty)
    }
}
