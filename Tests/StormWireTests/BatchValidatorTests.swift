import StormCore
import StormWire
import Testing

@Suite struct BatchValidatorTests {
    private static let values: [[Value]] = [
        [1, "two"], [nil, [true, 2.5, ["deep": [.bytes([1, 2])]]]], ["", [:]],
    ]

    private func tuples() throws -> Batch {
        sampleBatch(
            Self.values.enumerated().map { (anchors: [(UInt64($0), UInt64(7))], values: $1) }, try sampleSchema())
    }

    private func records() throws -> Batch {
        let batch = Batch(capacityBytes: BatchLayout.headerBytes + 2 * AckRecord.byteCount, schema: try sampleSchema())
        AckRecord(.start, root: 1, value: 2, task: 3).write(at: batch.payload)
        AckRecord(.fail, root: 1, reason: .threw).write(at: batch.payload + AckRecord.byteCount)
        batch.seal(.records, from: 1, to: 1, count: 2, end: batch.payload + 2 * AckRecord.byteCount, sequence: 1)
        return batch
    }

    private func isSound(_ bytes: [UInt8], _ schema: Schema) -> Bool {
        bytes.withUnsafeBytes { raw in
            do {
                try BatchValidator.validate(raw, schema: schema)
                _ = readAll(raw)
                return true
            } catch {
                return false
            }
        }
    }

    @Test func soundBatchesPass() throws {
        let schema = try sampleSchema()
        #expect(isSound(frame(try tuples()), schema))
        #expect(isSound(frame(try records()), schema))
    }

    @Test func everyTruncationIsRefused() throws {
        let schema = try sampleSchema()
        for batch in [try tuples(), try records()] {
            let bytes = frame(batch)
            for length in 0..<bytes.count {
                var cut = Array(bytes.prefix(length))
                #expect(!isSound(cut, schema))
                guard length >= 4 else { continue }
                // The same with a header that agrees with the shorter length.
                for (index, byte) in withUnsafeBytes(of: UInt32(length).littleEndian, Array.init).enumerated() {
                    cut[index] = byte
                }
                #expect(!isSound(cut, schema), "cut at \(length)")
            }
        }
    }

    @Test func noFlippedBitCrashesAReader() throws {
        let schema = try sampleSchema()
        for batch in [try tuples(), try records()] {
            let bytes = frame(batch)
            for bit in 0..<(bytes.count * 8) {
                var flipped = bytes
                flipped[bit / 8] ^= 1 << (bit % 8)
                _ = isSound(flipped, schema)
            }
        }
    }

    @Test func noSeededDamageCrashesAReader() throws {
        let schema = try sampleSchema()
        var accepted = 0
        for seed in UInt64(0)..<20_000 {
            var random = FastRandom(seed: seed)
            var bytes = try frame(seed % 4 == 0 ? records() : tuples())
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 8..<bytes.count, using: &random)
                bytes[at] =
                    [0, 1, 7, 8, 0xFF, UInt8(truncatingIfNeeded: random.next())].randomElement(using: &random) ?? 0
            }
            if isSound(bytes, schema) { accepted += 1 }
        }
        // Damage inside a number or a string is not the validator's to see: some must have been read back.
        #expect(accepted > 100)
    }

    /// The check of a tuple may take a short way after one with the same header; it must come to the same end.
    @Test func aTupleIsJudgedTheSameAloneAndAfterAnotherOne() throws {
        let schema = try sampleSchema()
        let other = Array(frame(sampleBatch([([(1, 2)], [7, "seven"])], schema)).dropFirst(BatchLayout.headerBytes))
        let values: [[Value]] = [[1, "two"], [.bool(true), 2.5], [nil, .bytes([1, 2, 3])], ["", [1]]]
        var (accepted, refused) = (0, 0)
        for seed in UInt64(0)..<20_000 {
            var random = FastRandom(seed: seed)
            let batch = sampleBatch([([(3, 4)], values[Int(seed % 4)])], schema)
            var alone = frame(batch)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: BatchLayout.headerBytes..<alone.count, using: &random)
                alone[at] =
                    [0, 1, 3, 5, 9, 0xFF, UInt8(truncatingIfNeeded: random.next())].randomElement(using: &random) ?? 0
            }
            let head = sampleBatch([([(1, 2)], [7, "seven"]), ([(3, 4)], values[Int(seed % 4)])], schema)
            let after = Array(frame(head).prefix(BatchLayout.headerBytes)) + other + alone[BatchLayout.headerBytes...]
            let verdict = isSound(alone, schema)
            #expect(isSound(after, schema) == verdict, "seed \(seed)")
            if verdict { accepted += 1 } else { refused += 1 }
        }
        #expect(accepted > 1000 && refused > 1000)
    }

    @Test func aTupleMustHaveTheFieldsOfItsStream() throws {
        let batch = sampleBatch([([], [1])], try sampleSchema())
        let schema = try sampleSchema()
        #expect { try frame(batch).withUnsafeBytes { try BatchValidator.validate($0, schema: schema) } } throws: {
            "\($0)".contains("1 fields")
        }
    }

    @Test func ticksDoNotTravel() throws {
        let schema = try sampleSchema()
        let batch = sampleBatch([([], [1, 2])], schema)
        batch.payload.put(UInt16(TopologyPlan.tickStreamNumber), 4)
        #expect { try frame(batch).withUnsafeBytes { try BatchValidator.validate($0, schema: schema) } } throws: {
            "\($0)".contains("stream 0")
        }
    }

    @Test func nestingIsLimited() throws {
        let schema = try sampleSchema(fields: ["a"])
        func nested(_ depth: Int) -> Value { (0..<depth).reduce(Value.int(1)) { inner, _ in .list([inner]) } }
        let deepest = sampleBatch([([], [nested(Value.maxDepth)])], schema)
        #expect(isSound(frame(deepest), schema))
        // One more level, made by hand: a list of one element around the field.
        let field = Array(frame(deepest).dropFirst(BatchLayout.headerBytes + BatchLayout.tupleHeaderBytes))
        let count = UInt32(field.count + 4)
        let wrapped = [7] + withUnsafeBytes(of: count.littleEndian, Array.init) + [1, 0, 0, 0] + field
        var bytes = Array(frame(deepest).prefix(BatchLayout.headerBytes + BatchLayout.tupleHeaderBytes)) + wrapped
        for (offset, value) in [(0, bytes.count), (BatchLayout.headerBytes, bytes.count - BatchLayout.headerBytes)] {
            for (index, byte) in withUnsafeBytes(of: UInt32(value).littleEndian, Array.init).enumerated() {
                bytes[offset + index] = byte
            }
        }
        #expect { try bytes.withUnsafeBytes { try BatchValidator.validate($0, schema: schema) } } throws: {
            "\($0)".contains("deeper than 64")
        }
    }
}
