import StormCore
import StormRuntime
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormMultilang

/// Whole numbers that 64 bits do not hold: Python's hashes without a sign are among them.
@Suite(.serialized) struct BigIntegerTests {
    private static let numbers = [
        "9223372036854775808", "18446744073709551615", "-9223372036854775809", "123456789012345678901234567890",
    ]

    private func field(json text: String) throws -> [UInt8] {
        var out = FieldBuffer()
        try Array(text.utf8).withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            try reader.value(into: &out)
        }
        return out.bytes
    }

    private func json(_ field: [UInt8]) -> String {
        var out: [UInt8] = []
        field.withUnsafeBytes { _ = JSONWriter.write(field: $0.baseAddress!, to: &out) }
        return String(decoding: out, as: UTF8.self)
    }

    @Test(arguments: numbers) func aNumberGoesThroughAsItCame(_ text: String) throws {
        let field = try field(json: text)
        #expect(json(field) == text)
        // In dynamic form, and from there, as in a dead letter that is replayed.
        let value = field.withUnsafeBytes { Value(at: $0.baseAddress!) }
        #expect(value == .bigInteger(text) && value.description == text)
        #expect(MessagePayload(stream: 0, values: [value], only: nil).fields == field)
        #expect(field.withUnsafeBytes { FieldReader.byteCount(at: $0.baseAddress!) } == field.count)
        #expect(json(try self.field(json: "[[\(text)],{\"a\":\(text)},1]")) == "[[\(text)],{\"a\":\(text)},1]")
    }

    @Test func equalNumbersHaveEqualBytes() throws {
        #expect(try field(json: "000018446744073709551615") == field(json: "18446744073709551615"))
        #expect(try field(json: "00000000000000000000000007") == field(json: "7"))
    }

    @Test func messagePackHasThemUpToSixtyFourBits() throws {
        var out = FieldBuffer()
        let largest: [UInt8] = [0xCF] + [UInt8](repeating: 0xFF, count: 8)
        try largest.withUnsafeBytes { bytes in
            var reader = PackReader(bytes)
            try reader.value(into: &out)
        }
        #expect(json(out.bytes) == "18446744073709551615")
        var back: [UInt8] = []
        out.bytes.withUnsafeBytes { _ = PackWriter.write(field: $0.baseAddress!, to: &back) }
        #expect(back == largest)
        back = []
        try field(json: "-9223372036854775809").withUnsafeBytes {
            _ = PackWriter.write(field: $0.baseAddress!, to: &back)
        }
        #expect(back == [0xA0 | 20] + Array("-9223372036854775809".utf8))
    }

    /// From one child to another over each form of the protocol, and to a Swift bolt.
    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func pythonGetsTheNumberThatPythonEmitted(_ hasChannel: Bool) async throws {
        let arrived = Observed<[String]>([])
        let errors = ErrorLog([])
        let emitting = Scripts.package(
            """
            from stormswift import Bolt
            class Emitting(Bolt):
                def process(self, tup): self.emit([2**63 + tup.values[0], -(2**200)])
            Emitting().run()
            """)
        let checking = Scripts.package(
            """
            from stormswift import Bolt
            class Checking(Bolt):
                def process(self, tup):
                    a, b = tup.values
                    self.emit([a + 1, "exact" if b == -(2**200) and type(a) is int else repr(tup.values)])
            Checking().run()
            """)
        let check = DeliveryCheck()
        try await withEngine(
            configure: { $0.values["topology.multilang.channel"] = .bool(hasChannel) }, errors: errors,
            build: { topology in
                topology.spout("source") { CheckingSpout(check, count: 3) }
                topology.bolt("emitting") { ShellBolt(command: emitting, outputs: ["a", "b"]) }.shuffle("source")
                topology.bolt("checking", parallelism: 2) { ShellBolt(command: checking, outputs: ["a", "b"]) }
                    .fields("emitting", "a")
                topology.bolt("sink") {
                    BlockBolt { tuple, out in
                        let text = "\(tuple.string(0)) \(tuple.double(0)) \(tuple.string(1))"
                        arrived.update { $0.append(text) }
                        out.ack(tuple)
                    }
                }.shuffle("checking")
            }
        ) { _ in try await arrived.wait("three tuples") { $0.count >= 3 } }
        let exact = (1...3).map { "\(UInt64(1) << 63 + UInt64($0)) 9.223372036854776e+18 exact" }
        #expect(Set(arrived.value) == Set(exact))
        #expect(errors.value.isEmpty, "\(errors.value)")
    }
}
