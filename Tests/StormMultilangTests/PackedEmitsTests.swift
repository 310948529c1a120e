import StormCore
import StormWire
import Testing

@testable import StormMultilang

/// Packed values, as Python's `marshal` writes them.
private enum Packed {
    static func u32(_ value: Int) -> [UInt8] {
        let bits = UInt32(truncatingIfNeeded: value)
        return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }
    static func int(_ value: Int) -> [UInt8] { Array("i".utf8) + u32(value) }
    static func text(_ value: String, _ tag: String = "u") -> [UInt8] {
        Array(tag.utf8) + u32(value.utf8.count) + Array(value.utf8)
    }
    static func raw(_ bytes: [UInt8]) -> [UInt8] { Array("u".utf8) + u32(bytes.count) + bytes }
    static func double(_ value: Double) -> [UInt8] {
        Array("g".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
    }
    static func long(_ sign: Int, _ digits: [Int]) -> [UInt8] {
        Array("l".utf8) + u32(sign * digits.count)
            + digits.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
    static func list(_ items: [[UInt8]], _ tag: String = "[") -> [UInt8] {
        Array(tag.utf8) + u32(items.count) + items.flatMap(\.self)
    }
    static func emit(_ reference: [UInt8], _ values: [[UInt8]]) -> [UInt8] {
        list([reference, list(values)], "(")
    }
    static func frame(_ parts: [UInt8]...) -> [UInt8] { Array("M".utf8) + parts.flatMap(\.self) }
    static let null = Array("N".utf8)
}

private func text(_ emit: PackedEmit) -> String {
    var json: [UInt8] = []
    if let base = emit.fields.baseAddress { _ = JSONWriter.write(fields: base, count: emit.fieldCount, to: &json) }
    return "\(emit.reference) \(String(decoding: emit.stream, as: UTF8.self)) \(String(decoding: json, as: UTF8.self))"
}

/// All emits of a frame as texts, so many in one call.
private func emits(_ frame: [UInt8], limit: Int = .max) throws -> [String] {
    var packed = PackedEmits()
    packed.begin(frame.count)
    var found: [String] = []
    while !packed.isAtEnd {
        let result: Result<Int, MultilangError> = frame.withUnsafeBytes { bytes in
            do throws(MultilangError) {
                return .success(
                    try packed.each(bytes, limit: limit) {
                        found.append(text($0))
                        return .goOn
                    }.count)
            } catch {
                return .failure(error)
            }
        }
        let count = try result.get()
        #expect(count <= limit)
    }
    return found
}

@Suite struct PackedEmitsTests {
    static let all = Packed.frame(
        Packed.emit(Packed.int(5), [Packed.text("a"), Packed.int(-1), Packed.double(1.5)]),
        Packed.emit(Packed.null, [Packed.null, Array("T".utf8), Array("F".utf8), Packed.text("é\"", "t")]),
        Packed.text("s"), Packed.emit(Packed.list([Packed.int(5), Packed.int(6)]), []),
        Packed.emit(Packed.text("id"), [Packed.raw([0x61, 0xFF])]), Packed.null,
        Packed.emit(Packed.long(1, [1, 0, 4]), [Packed.int(7)]))

    @Test(arguments: [1, 2, 100]) func emitsComeInTheirOrderOnTheirStreams(_ limit: Int) throws {
        let found = try emits(Self.all, limit: limit)
        #expect(
            found == [
                #"number(5)  ["a",-1,1.5]"#, #"none  [null,true,false,"é\""]"#, "list([5, 6]) s []",
                "text(\"id\") s [\"a\u{FFFD}\"]", "number(4294967297)  [7]",
            ])
    }

    @Test(
        arguments: [
            ([0], 1, "0"), ([32767, 32767, 32767, 32767, 7], 1, "9223372036854775807"),
            ([0, 0, 0, 0, 8], -1, "-9223372036854775808"),
        ] as [([Int], Int, String)]) func longNumbersAreExact(_ digits: [Int], _ sign: Int, _ shown: String)
        throws
    {
        #expect(try emits(Packed.frame(Packed.emit(Packed.null, [Packed.long(sign, digits)]))) == ["none  [\(shown)]"])
    }

    @Test func aFrameThatIsCutAnywhereIsRefusedOrEndsBetweenTwoEmits() throws {
        let whole = try emits(Self.all)
        var sound = 0
        for count in 1..<Self.all.count {
            guard let found = try? emits(Array(Self.all.prefix(count))) else { continue }
            sound += 1
            #expect(found == Array(whole.prefix(found.count)))
        }
        // After its kind, after each emit but the last, and after each stream's name.
        #expect(sound == 7)
    }

    /// A frame, and what is said of it.
    struct Fault: Sendable {
        let frame: [UInt8]
        let text: String

        init(_ text: String, _ content: [UInt8]) {
            frame = Packed.frame(content)
            self.text = text
        }

        init(_ text: String, reference: [UInt8]) { self.init(text, Packed.emit(reference, [])) }
        init(_ text: String, value: [UInt8]) { self.init(text, Packed.emit(Packed.null, [value])) }
    }

    static let faults: [Fault] = [
        Fault("neither an emit nor a stream's name", Packed.int(1)),
        Fault("neither an emit", Array("[".utf8)),
        Fault("an emit is a pair", Packed.list([Packed.null], "(")),
        Fault("its tuple is not a list", Packed.list([Packed.null, Packed.int(1)], "(")),
        Fault("ends within", Array("(\u{2}\0\0\0N[\u{7F}\u{7F}\u{7F}\u{7F}".utf8)),
        Fault("no reference", reference: Packed.double(1)),
        Fault("no tuple's id", reference: Packed.list([Packed.int(-1)])),
        Fault("more than 64 bits", reference: Packed.long(1, [0, 0, 0, 0, 8])),
        Fault("more than 64 bits", value: Packed.long(1, [0, 0, 0, 0, 8])),
        Fault("more than 64 bits", value: Packed.long(-1, [1, 0, 0, 0, 8])),
        Fault("more than 64 bits", value: Packed.long(1, [0, 0, 0, 0, 1024])),
        Fault("more than 64 bits", value: Packed.long(1, [Int](repeating: 1, count: 100))),
        Fault("which is not packed", value: Packed.list([])),
        Fault("more than 15 bits", value: Packed.long(1, [32768])),
        Fault("no packed value of kind 99", value: Array("c".utf8)),
        Fault("ends within", value: Array("u\u{7F}\u{7F}\u{7F}\u{7F}".utf8)),
        Fault("ends within", value: Array("l".utf8) + Packed.u32(Int(Int32.min))),
    ]

    @Test(arguments: faults) func whatIsNoPackedEmitIsRefused(_ fault: Fault) {
        let thrown = #expect(throws: MultilangError.self) { _ = try emits(fault.frame) }
        #expect("\(thrown.map { "\($0)" } ?? "")".contains(fault.text))
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func changedBytesNeverCrash(_ seed: UInt64) throws {
        var random = FastRandom(seed: seed)
        for _ in 0..<20_000 {
            var frame = Self.all
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                frame[Int.random(in: 1..<frame.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            // Refused or not: what counts is that it returns.
            _ = try? emits(frame)
        }
    }

    @Test func aPauseLeavesTheRestForLater() throws {
        var packed = PackedEmits()
        packed.begin(Self.all.count)
        var seen = 0
        let counts = try Self.all.withUnsafeBytes { bytes in
            let first = try packed.each(bytes, limit: 100) { _ in
                seen += 1
                return seen == 2 ? .pause : .goOn
            }
            let second = try packed.each(bytes, limit: 100) { _ in .condemn("enough") }
            return [first.count, second.count, second.fault == "enough" ? 1 : 0]
        }
        #expect(counts == [2, 1, 1] && !packed.isAtEnd)
    }
}
