import StormWire
import Testing

@testable import StormMultilang

private func read(_ bytes: [UInt8]) throws -> Value {
    var out = FieldBuffer()
    try bytes.withUnsafeBytes { bytes in
        var reader = PackReader(bytes)
        try reader.value(into: &out)
        guard reader.position == bytes.count else { throw reader.unexpected("there is more") }
    }
    return out.bytes.withUnsafeBytes { Value(at: $0.baseAddress!) }
}

private func written(_ value: Value) -> [UInt8] {
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: value.encodedByteCount, alignment: 8)
    defer { bytes.deallocate() }
    _ = value.encode(at: bytes)
    var out: [UInt8] = []
    _ = PackWriter.write(field: bytes, to: &out)
    return out
}

@Suite struct MessagePackTests {
    /// Bytes as the format's specification has them.
    @Test(
        arguments: [
            ([0x00], Value.int(0)), ([0x7F], .int(127)), ([0xE0], .int(-32)), ([0xFF], .int(-1)),
            ([0xCC, 0xFF], .int(255)),
            ([0xCD, 0x01, 0x00], .int(256)), ([0xCE, 0xFF, 0xFF, 0xFF, 0xFF], .int(4_294_967_295)),
            ([0xCF, 0, 0, 0, 1, 0, 0, 0, 0], .int(4_294_967_296)),
            ([0xCF, 0xFF, 0, 0, 0, 0, 0, 0, 0], .bigInteger("18374686479671623680")), ([0xD0, 0x80], .int(-128)),
            ([0xD1, 0x80, 0x00], .int(-32768)), ([0xD2, 0x80, 0, 0, 0], .int(-2_147_483_648)),
            ([0xD3, 0x80, 0, 0, 0, 0, 0, 0, 0], .int(.min)), ([0xCA, 0x3F, 0xC0, 0, 0], .double(1.5)),
            ([0xCB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0], .double(1.5)), ([0xC0], .null), ([0xC2], .bool(false)),
            ([0xC3], .bool(true)),
            ([0xA1, 0x61], .string("a")), ([0xD9, 0x01, 0x61], .string("a")), ([0xDA, 0, 1, 0x61], .string("a")),
            ([0xDB, 0, 0, 0, 1, 0x61], .string("a")), ([0xA1, 0xFF], .bytes([0xFF])), ([0xC4, 1, 7], .bytes([7])),
            ([0xC5, 0, 1, 7], .bytes([7])), ([0xC6, 0, 0, 0, 1, 7], .bytes([7])), ([0x92, 1, 2], .list([1, 2])),
            ([0xDC, 0, 1, 5], .list([5])), ([0xDD, 0, 0, 0, 1, 5], .list([5])),
            ([0x81, 0xA1, 0x61, 1], .map(["a": 1])),
            ([0xDE, 0, 1, 0xA1, 0x61, 1], .map(["a": 1])), ([0xDF, 0, 0, 0, 1, 7, 1], .map(["7": 1])),
        ] as [([UInt8], Value)])
    func valuesAreReadAsTheFormatHasThem(_ bytes: [UInt8], _ value: Value) throws { #expect(try read(bytes) == value) }

    @Test func whatIsWrittenReadsBackTheSame() throws {
        let values: [Value] = [
            .null, .bool(false), .int(0), .int(127), .int(128), .int(-32), .int(-33), .int(.max), .int(.min),
            .double(0.1),
            .string(""), .string(String(repeating: "ä", count: 40)), .string(String(repeating: "x", count: 70_000)),
            .bytes([1, 2]), .list((0..<20).map { .int($0) }), .map(["a": [1], "b": .map([:])]),
        ]
        for value in values { #expect(try read(written(value)) == value) }
    }

    @Test(
        arguments: [
            [], [0xC1], [0xC7, 0, 0], [0xA2, 0x61], [0x92, 1], [0x81, 0xA1, 0x61], [0x81, 0x90, 1],
            [0xDD, 0xFF, 0xFF, 0xFF, 0xFF],
            [0xDB, 0xFF, 0xFF, 0xFF, 0xFF], [0xCF, 0],
        ] as [[UInt8]])
    func whatIsNoValueIsRefused(_ bytes: [UInt8]) { #expect(throws: MultilangError.self) { try read(bytes) } }

    @Test func nestingIsBounded() {
        #expect(throws: MultilangError.self) { try read([UInt8](repeating: 0x91, count: 100_000) + [0xC0]) }
    }

    @Test func messagesAreCutWhereverTheirBytesArriveInPieces() throws {
        let message = written(.map(["command": "emit", "tuple": [1, "two", .list([.map(["k": .bytes([0, 1])])])]]))
        let all = message + [0x81, 0xA3, 0x70, 0x69, 0x64, 0xCD, 0x12, 0x34] + message
        for size in [1, 2, 3, 7, all.count] {
            var assembler = MessageAssembler(.messagePack, messageBytesMax: 1000)
            var found: [[UInt8]] = []
            var start = 0
            while start < all.count {
                assembler.append(Array(all[start..<min(all.count, start + size)]))
                start += size
                while let range = try assembler.next() { found.append(Array(assembler.bytes[range])) }
            }
            #expect(found == [message, [0x81, 0xA3, 0x70, 0x69, 0x64, 0xCD, 0x12, 0x34], message])
            #expect(assembler.rest.isEmpty)
        }
    }

    @Test func aCommandIsTakenApart() throws {
        var decoder = ChildDecoder(.messagePack, isSpout: true)
        let bytes = written(
            .map([
                "command": "emit", "id": [1, 2], "stream": "s", "task": 4, "tuple": ["a", 5], "need_task_ids": false,
            ]))
        try bytes.withUnsafeBytes { try decoder.decode($0) }
        let message = decoder.message
        #expect(message.kind == .emit && message.task == 4 && !message.needsTaskIDs && message.fieldCount == 2)
        #expect(message.stream == Array("s".utf8) && message.id == .other([0x92, 1, 2]))
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func randomBytesAreReadOrRefused(_ seed: UInt64) {
        var random = SeededGenerator(seed)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...40, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? read(bytes)  // either way is right, a trap is not
            var assembler = MessageAssembler(.messagePack, messageBytesMax: 30)
            assembler.append(bytes)
            do { while try assembler.next() != nil {} } catch { continue }
        }
    }
}
