import StormCore
import StormWire
import Testing

@Suite struct HashAndChecksumTests {
    private func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        // One byte of slack, so that an empty array has an address too.
        (bytes + [0xEE]).withUnsafeBytes { StableHash.hash($0.baseAddress!, count: bytes.count, seed: seed) }
    }

    /// Computed by an independent program; a change would move keys between tasks.
    @Test func stableHashNeverChanges() {
        #expect(hash([]) == 0xF47C_DFFD_9671_363D)
        #expect(hash(Array("a".utf8)) == 0xA1E7_D074_88E6_0FB3)
        #expect(hash(Array("12345678".utf8)) == 0x8FAA_148F_B71F_AEAB)
        #expect(hash(Array("123456789".utf8), seed: 7) == 0x40C4_B3D2_2F36_D899)
        #expect(hash(encoded("storm")) == 0x6989_6308_9B0E_3CD5)
        #expect(hash(encoded(42)) == 0x57FE_5B58_2D51_4640)
    }

    /// A type that relies on the general implementation.
    private struct Pair: FieldValue {
        let text: String

        var encodedByteCount: Int { text.encodedByteCount }
        func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer { text.encode(at: p) }
    }

    private func hashesAsEncoded(_ value: some FieldValue) -> Bool {
        [0, 7, UInt64.max].allSatisfy { value.stableHash(seed: $0) == hash(encoded(value), seed: $0) }
    }

    @Test func aValueHashesAsItsEncodedBytes() {
        var random = FastRandom(seed: 5)
        for length in 0..<70 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let text = String(decoding: bytes.map { $0 & 0x7F }, as: UTF8.self)
            #expect(hashesAsEncoded(text))
            #expect(hashesAsEncoded("é\(text)"[...]))
            #expect(hashesAsEncoded(Pair(text: text)))
            #expect(hashesAsEncoded(bytes))
            #expect(bytes.withUnsafeBufferPointer { hashesAsEncoded(BytesSlice($0)) })
            #expect(Array(text.utf8).withUnsafeBufferPointer { hashesAsEncoded(UTF8Slice($0)) })
            #expect(hashesAsEncoded(Value.list([.string(text), .bytes(bytes)])))
            #expect(hashesAsEncoded(String?.some(text)))
            let number = Int(truncatingIfNeeded: random.next())
            #expect(hashesAsEncoded(number) && hashesAsEncoded(Int64(number)) && hashesAsEncoded(-number / 3))
            #expect(hashesAsEncoded(Int32(truncatingIfNeeded: number)))
            #expect(hashesAsEncoded(Double(number) / 7))
        }
        #expect(hashesAsEncoded(true) && hashesAsEncoded(false) && hashesAsEncoded(Int?.none))
        #expect(hashesAsEncoded("a static string" as StaticString) && hashesAsEncoded("" as StaticString))
        #expect(hashesAsEncoded(BytesSlice(UnsafeBufferPointer(start: nil, count: 0))))
    }

    @Test func mixingAndRandomNumbersNeverChange() {
        #expect([0, 1, 2].map { mix64($0) } == [0, 0x5692_161D_100B_05E5, 0xDBD2_3897_3A2B_148A])
        var random = FastRandom(seed: 1)
        let drawn = (0..<3).map { _ in random.next() }
        #expect(drawn == [0xB3F2_AF6D_0FC7_10C5, 0x853B_5596_4736_4CEA, 0x92F8_9756_082A_4514])
    }

    @Test func keysSpreadEvenlyOverTasks() {
        for count in [2, 3, 7, 16] {
            var hits = Array(repeating: 0, count: count)
            for key in 0..<20_000 { hits[StableHash.reduce(hash(encoded("user-\(key)")), to: count)] += 1 }
            for hit in hits { #expect(abs(hit - 20_000 / count) < 20_000 / count / 4, "\(hits)") }
        }
    }

    @Test func everyByteAndTheLengthMatter() {
        var seen: Set<UInt64> = []
        for length in 0..<40 {
            seen.insert(hash(Array(repeating: 0, count: length)))
            for position in 0..<length {
                var bytes = [UInt8](repeating: 0, count: length)
                bytes[position] = 1
                seen.insert(hash(bytes))
            }
        }
        #expect(seen.count == 40 + (0..<40).reduce(0, +))
    }

    /// RFC 3720, appendix B.4, and the check value of the CRC catalogue.
    @Test func crc32cHasItsPublishedValues() {
        func crc(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { Checksum.crc32c($0) } }
        #expect(crc([]) == 0)
        #expect(crc(Array("123456789".utf8)) == 0xE306_9283)
        #expect(crc(Array(repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(crc(Array(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(crc(Array(0..<32)) == 0x46DD_794E)
        #expect(crc(Array((0..<32).reversed())) == 0x113F_DB5C)
    }

    @Test func crc32cOfEveryLengthEqualsTheBitwiseOne() {
        var random = FastRandom(seed: 3)
        // Beyond the widest stretch that the processor's instruction is given at a time.
        for length in Array(0..<70) + [383, 384, 385, 800, 3071, 3072, 3073, 7000] {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            var naive = ~UInt32(0)
            for byte in bytes {
                naive ^= UInt32(byte)
                for _ in 0..<8 { naive = naive & 1 == 1 ? naive >> 1 ^ 0x82F6_3B78 : naive >> 1 }
            }
            #expect(bytes.withUnsafeBytes { Checksum.crc32c($0) } == ~naive)
            #expect(bytes.withUnsafeBytes { Checksum.crc32cByTable($0) } == ~naive)
        }
    }
}
