import StormCore
import StormWire
import Testing

@Suite struct ValueTests {
    @Test(arguments: [
        Value.null, true, false, 0, -1, .int(.min), .int(.max), 0.5, .double(-0.0), .double(.infinity), "", "storm",
        "aß✓😀", .bytes([]), .bytes([0, 255, 7]), [], [1, "two", [nil, [3.0]]], [:], ["a": 1, "": ["b": [true]]],
        .bigInteger("18446744073709551616"), [.bigInteger("-9223372036854775809")],
    ])
    func everyKindOfValueComesBackEqual(_ value: Value) {
        let bytes = encoded(value)
        #expect(bytes.count == value.encodedByteCount)
        bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return }
            #expect(FieldReader.byteCount(at: base) == bytes.count)
            #expect(Value(at: base) == value)
        }
    }

    @Test(arguments: ["", "-", "007", "1.5", "1]"]) func aBigIntegerThatIsNoNumberIsAString(_ text: String) {
        encoded(Value.bigInteger(text)).withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return }
            #expect(Value(at: base) == .string(text))
        }
    }

    /// Short ASCII has a way of its own: every length around it, with a foreign byte at every place.
    @Test func textIsReadAsTheLibraryWouldRead() {
        func read(_ bytes: [UInt8]) -> String {
            let field: [UInt8] = encoded(Value.bytes(bytes))
            return field.withUnsafeBytes { raw in raw.baseAddress.map { FieldReader.string(at: $0) } ?? "" }
        }
        for count in 0...20 {
            let plain = (0..<count).map { UInt8(65 + $0) }
            #expect(read(plain) == String(decoding: plain, as: UTF8.self))
            for place in 0..<count {
                var broken = plain
                broken[place] = 0xC3
                #expect(read(broken) == String(decoding: broken, as: UTF8.self))
                if place + 1 < count {
                    broken[place + 1] = 0xA4
                    #expect(read(broken) == String(decoding: broken, as: UTF8.self))
                }
            }
        }
    }

    @Test func typedFieldsHaveTheBytesOfTheirValues() {
        #expect(encoded(true) == encoded(Value.bool(true)))
        #expect(encoded(-5) == encoded(Value.int(-5)))
        #expect(encoded(Int64.min) == encoded(Value.int(.min)))
        #expect(encoded(Int32(-7)) == encoded(Value.int(-7)))
        #expect(encoded(2.5) == encoded(Value.double(2.5)))
        #expect(encoded("wörd") == encoded(Value.string("wörd")))
        #expect(encoded("a word".suffix(4)) == encoded(Value.string("word")))
        #expect(encoded("static" as StaticString) == encoded(Value.string("static")))
        #expect(encoded(Int?.none) == encoded(Value.null))
        #expect(encoded(Int?.some(3)) == encoded(Value.int(3)))
        "slice".utf8.withContiguousStorageIfAvailable {
            #expect(encoded(UTF8Slice($0)) == encoded(Value.string("slice")))
        }
        #expect(Value(encoding: "text") == .string("text"))
    }

    @Test func aNotANumberKeepsItsBits() {
        let value = Value.double(Double(bitPattern: 0x7FF8_0000_0000_1234))
        encoded(value).withUnsafeBytes { raw in
            guard let base = raw.baseAddress, case .double(let back) = Value(at: base) else {
                Issue.record("not a double")
                return
            }
            #expect(back.bitPattern == 0x7FF8_0000_0000_1234)
        }
    }

    @Test func theBytesOfEachTagAreFixed() {
        #expect(encoded(Value.null) == [0])
        #expect(encoded(false) == [1])
        #expect(encoded(true) == [2])
        #expect(encoded(258) == [3, 2, 1, 0, 0, 0, 0, 0, 0])
        #expect(encoded(1.0) == [4, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
        #expect(encoded("hi") == [5, 2, 0, 0, 0, 0x68, 0x69])
        #expect(encoded(Value.bytes([9])) == [6, 1, 0, 0, 0, 9])
        #expect(encoded(Value.list([true, nil])) == [7, 6, 0, 0, 0, 2, 0, 0, 0, 2, 0])
        #expect(
            encoded(Value.map(["b": nil, "a": false]))
                == [8, 18, 0, 0, 0, 2, 0, 0, 0, 5, 1, 0, 0, 0, 0x61, 1, 5, 1, 0, 0, 0, 0x62, 0])
    }

    @Test func equalMapsHaveEqualBytesWhateverTheOrderOfTheirMaking() {
        let keys = (0..<50).map { "key\($0)" }
        let forward = Value.map(Dictionary(uniqueKeysWithValues: keys.map { ($0, 1) }))
        let backward = Value.map(Dictionary(uniqueKeysWithValues: keys.reversed().map { ($0, 1) }))
        #expect(encoded(forward) == encoded(backward))
    }

    @Test func randomValuesComeBackEqual() {
        for seed in UInt64(0)..<500 {
            var random = FastRandom(seed: seed)
            let value = anyValue(&random, depth: 5)
            encoded(value).withUnsafeBytes { raw in
                if let base = raw.baseAddress { #expect(Value(at: base) == value, "seed \(seed)") }
            }
        }
    }

    @Test func valuesDeeperThanAReceiverAcceptsAreTooLargeToBeEmitted() {
        func nested(_ depth: Int) -> Value { (0..<depth).reduce(Value.int(1)) { inner, _ in .list([inner]) } }
        #expect(nested(Value.maxDepth).encodedByteCount == Value.maxDepth * 9 + 9)
        #expect(nested(Value.maxDepth + 1).encodedByteCount > BatchLayout.maxTupleBytes)
        #expect(Value.map(["k": nested(Value.maxDepth)]).encodedByteCount > BatchLayout.maxTupleBytes)
        #expect(Value(encoding: nested(Value.maxDepth + 1)) == nested(Value.maxDepth + 1))
        #expect(nested(Value.maxDepth + 1).stableHash(seed: 7) == 7)
    }
}
