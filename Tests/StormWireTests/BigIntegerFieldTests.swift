import StormWire
import Testing

/// A field that `Value` does not write: digits that go to a child as they stand.
private struct Digits: FieldValue {
    let text: String

    var encodedByteCount: Int { text.encodedByteCount }

    func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        let end = text.encode(at: p)
        p.put(FieldTag.bigInteger, 0)
        return end
    }
}

@Suite struct BigIntegerFieldTests {
    private func isSound(_ text: String) throws -> Bool {
        let schema = try sampleSchema()
        // A string of the same length in its place, and then its tag.
        let batch = sampleBatch([(anchors: [], values: [.string(text), 1])], schema)
        let digits = encoded(Digits(text: text))
        var bytes = frame(batch)
        let start = BatchLayout.headerBytes + BatchLayout.tupleHeaderBytes
        bytes.replaceSubrange(start..<(start + digits.count), with: digits)
        return bytes.withUnsafeBytes { raw in
            do {
                try BatchValidator.validate(raw, schema: schema)
                return readAll(raw) == text.utf8.count + 1
            } catch {
                return false
            }
        }
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "7"])
    func wholeNumbersPass(_ text: String) throws { #expect(try isSound(text)) }

    @Test(arguments: ["", "-", "1.5", "007", "-0", "--1", "1]", "1\nend\n{", " 1", "１"])
    func whatIsNoNumberIsRefused(_ text: String) throws { #expect(try !isSound(text)) }
}
