import StormWire
import Testing

@testable import StormMultilang

/// Reads one JSON value the way tuples' values are read.
private func read(_ text: String) throws -> Value { try read(Array(text.utf8)) }

private func read(_ bytes: [UInt8]) throws -> Value {
    var out = FieldBuffer()
    try bytes.withUnsafeBytes { bytes in
        var reader = JSONReader(bytes)
        try reader.value(into: &out)
        guard reader.peek() == nil else { throw reader.unexpected("there is more") }
    }
    return out.bytes.withUnsafeBytes { Value(at: $0.baseAddress!) }
}

private func encoded(_ value: Value) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: value.encodedByteCount) { buffer, count in
        _ = value.encode(at: UnsafeMutableRawPointer(buffer.baseAddress!))
        count = value.encodedByteCount
    }
}

private func written(_ value: Value) -> String {
    var out: [UInt8] = []
    encoded(value).withUnsafeBytes { _ = JSONWriter.write(field: $0.baseAddress!, to: &out) }
    return String(decoding: out, as: UTF8.self)
}

@Suite struct JSONTests {
    @Test(
        arguments: [
            ("0", Value.int(0)), ("-0", .int(0)), ("17", .int(17)), ("-9223372036854775808", .int(.min)),
            ("9223372036854775807", .int(.max)), ("9223372036854775808", .bigInteger("9223372036854775808")),
            ("-9223372036854775809", .bigInteger("-9223372036854775809")), ("1.0", .double(1)), ("1e3", .double(1000)),
            ("-2.5E-3", .double(-0.0025)),
            ("123456789012345678901234567890", .bigInteger("123456789012345678901234567890")),
            ("Infinity", .double(.infinity)), ("-Infinity", .double(-.infinity)), ("true", .bool(true)),
            ("false", .bool(false)), ("null", .null), (" [ 1 , \"a\" , [ ] ] ", .list([1, "a", []])),
            ("{}", .map([:])), ("{\"b\":1,\"a\":{\"c\":[]}}", .map(["a": .map(["c": []]), "b": 1])),
            ("{\"a\":1,\"a\":2}", .map(["a": 2])),
        ] as [(String, Value)])
    func valuesAreReadAsTheyAreMeant(_ text: String, _ value: Value) throws { #expect(try read(text) == value) }

    @Test(
        arguments: [
            (#""""#, ""), (#""a\"b\\c\/d\n\t\r\b\f""#, "a\"b\\c/d\n\t\r\u{8}\u{c}"), (#""\u00e4\u20AC""#, "ä€"),
            (#""\ud83d\ude00!""#, "😀!"), (#""\ud83d""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"),
            (#""\ude00a""#, "\u{FFFD}a"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""grüße 😀""#, "grüße 😀"),
        ] as [(String, String)])
    func stringsAreReadWithTheirEscapes(_ text: String, _ value: String) throws {
        #expect(try read(text) == .string(value))
    }

    @Test func whatIsNotUTF8IsReplaced() throws {
        #expect(try read([0x22, 0x61, 0xFF, 0x62, 0x22]) == .string("a\u{FFFD}b"))
        #expect(try read([0x22, 0xC3, 0x22]) == .string("\u{FFFD}"))
    }

    @Test(arguments: [
        "", "[", "[1", "[1,", "[1,]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{1:2}", "\"", "\"\\",
        "\"\\u12",
        "\"\\x\"", "tru", "nul", "-", "1.", "1e", "1e+", ".5", "+1", "]", "}", ",", "a", "1 2", "'a'", "\"\\ud83d\\u12",
        String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
    ])
    func whatIsNoJSONIsRefused(_ text: String) { #expect(throws: MultilangError.self) { try read(text) } }

    @Test func valuesMayBeNestedAsDeepAsTuplesMayAndNoDeeper() throws {
        let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        let value = try read(deepest)
        #expect(written(value) == deepest)
        #expect(throws: MultilangError.self) { try read("[" + deepest + "]") }
    }

    @Test func aMapIsEncodedAsAnEqualValueWouldBe() throws {
        for text in [#"{"b":1,"a":2,"ä":3,"z":4,"":5}"#, #"{"é":1,"e":2,"f":3}"#, #"{"x":{"2":1,"10":2},"a":[]}"#] {
            var out = FieldBuffer()
            try Array(text.utf8).withUnsafeBytes { bytes in
                var reader = JSONReader(bytes)
                try reader.value(into: &out)
            }
            let value = try read(text)
            #expect(out.bytes == encoded(value))
        }
    }

    @Test func textIsWrittenOnOneLineAndReadsBackTheSame() throws {
        let values: [Value] = [
            .null, .bool(true), .int(.min), .int(.max), .int(0), .double(0.1), .double(1), .double(-1e300),
            .double(.leastNonzeroMagnitude), .string("a\"b\\c\n\r\t\u{1}\u{1f}\u{7f}ä😀\u{2028}"),
            .list([1, .list([]), .map(["k": "v"])]),
            .map(["": .null, "ä": [1.5]]),
        ]
        for value in values {
            let text = written(value)
            #expect(!text.contains("\n"))
            #expect(try read(text) == value)
        }
        #expect(written(.double(.nan)) == "null" && written(.double(.infinity)) == "null")
        #expect(written(.bytes([0, 10, 255])) == "[0,10,255]")
        #expect(written(.double(1)) == "1.0")
    }

    /// Random damage to good texts: nothing traps, and what is accepted is sound.
    @Test(arguments: 0..<20 as Range<UInt64>) func damagedTextsAreReadOrRefused(_ seed: UInt64) {
        var random = SeededGenerator(seed)
        let corpus = [
            #"{"command":"emit","id":"m-17","stream":"default","tuple":["a line",5,null,true,1.5e3]}"#,
            #"{"command":"emit","anchors":["1","22"],"tuple":[{"k":[1,{"x":"\ud83d\ude00"}]}],"need_task_ids":false}"#,
            #"{"command":"log","msg":"\u00e4\n","level":3}"#, #"{"pid":4711}"#,
            #"{"command":"metrics","name":"a","params":{}}"#,
        ].map { Array($0.utf8) }
        var decoder = ChildDecoder(.json, isSpout: seed % 2 == 0)
        for _ in 0..<2000 {
            var bytes = corpus.randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: if bytes.count > 1 { bytes.remove(at: place) }
                case 2: bytes.insert(Array(#"{}[]",:\0e-"#.utf8).randomElement(using: &random)!, at: place)
                default: bytes.insert(contentsOf: corpus.randomElement(using: &random)!, at: place)
                }
            }
            let isRead = bytes.withUnsafeBytes { (try? decoder.decode($0)) != nil }  // either way is right
            guard isRead else { continue }
            // Every field can be walked and written.
            var out: [UInt8] = []
            let message = decoder.message
            message.fields.bytes.withUnsafeBytes { fields in
                guard let base = fields.baseAddress else { return }
                let end = JSONWriter.write(fields: base, count: message.fieldCount, to: &out)
                #expect(end == base + fields.count)
            }
        }
    }
}

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
