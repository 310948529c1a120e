import StormCore
import StormWire
import Testing

@testable import StormMultilang

private func frame(_ kind: FrameKind, _ content: [UInt8]) -> [UInt8] {
    let length = UInt32(content.count + 1)
    return (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + [kind.rawValue] + content
}
private func frame(_ kind: FrameKind, _ text: String) -> [UInt8] { frame(kind, Array(text.utf8)) }
private func bytes(_ numbers: UInt64...) -> [UInt8] {
    numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
}

/// All messages of some frames, as short texts.
private func messages(_ input: [UInt8], isSpout: Bool = false, pieces: Int = .max) throws -> [String] {
    var assembler = MessageAssembler(.channel, messageBytesMax: 1 << 20)
    var decoder = ChildDecoder(.channel, isSpout: isSpout)
    var found: [String] = []
    var rest = input[...]
    while !rest.isEmpty {
        let piece = rest.prefix(pieces)
        rest = rest.dropFirst(piece.count)
        assembler.append(Array(piece))
        while let range = try assembler.next() {
            try assembler.bytes[range].withUnsafeBytes { try decoder.beginFrame($0) }
            while try assembler.bytes[range].withUnsafeBytes({ try decoder.decodeNext($0) }) {
                found.append(text(decoder.message, isSpout: isSpout))
            }
        }
    }
    return found
}

private func text(_ message: ChildMessage, isSpout: Bool) -> String {
    switch message.kind {
    case .emit:
        var json: [UInt8] = []
        message.fields.bytes.withUnsafeBytes {
            if let base = $0.baseAddress { _ = JSONWriter.write(fields: base, count: message.fieldCount, to: &json) }
        }
        let reference = isSpout ? message.id.map { "\($0)" } ?? "-" : "\(message.anchors)"
        return "emit \(String(decoding: message.stream, as: UTF8.self)) \(reference) "
            + String(decoding: json, as: UTF8.self)
    case .ack: return "ack \(message.tuple ?? 0)" + (message.tupleCount > 1 ? " +\(message.tupleCount)" : "")
    case .fail: return "fail \(message.tuple ?? 0)"
    case .credit: return "credit \(message.credit)"
    case .started(let pid): return "pid \(pid) credit \(message.credit)"
    default: return "\(message.kind) \(message.text)"
    }
}

@Suite struct FrameTests {
    static let all: [UInt8] =
        frame(.message, #"{"pid":7,"credit":50}"#)
        + frame(.emits, #"[[null,[[5,["a",1]],[null,[2]],[[5,6],[[]]]]],["s",[[7,["é"]]]]]"#)
        + frame(.acked, bytes(5, 6)) + frame(.ackedRanges, bytes(10, 3, 20, 0, 30, 1)) + frame(.failed, bytes(7))
        + frame(.credit, [2, 1, 0, 0]) + frame(.sync, "") + frame(.emits, "[]") + frame(.acked, [])
        + frame(.message, #"{"command":"log","msg":"hi"}"#)
    static let expected = [
        "pid 7 credit 50", #"emit  [5] ["a",1]"#, "emit  [] [2]", "emit  [5, 6] [[]]", #"emit s [7] ["é"]"#, "ack 5",
        "ack 6", "ack 10 +3", "ack 30", "fail 7", "credit 258", "sync ", "log hi",
    ]

    @Test(arguments: [1, 2, 3, 7, 64, 1000]) func framesAreTakenApartHoweverTheyCome(_ pieces: Int) throws {
        #expect(try messages(Self.all, pieces: pieces) == Self.expected)
    }

    @Test func aSpoutsEmitsCarryIdsOfAnyType() throws {
        let input = frame(.emits, #"[[null,[["m1",[1]],[null,[2]],[{"n":[1]},[3]],[4,[4]]]]]"#)
        #expect(
            try messages(input, isSpout: true) == [
                "emit  m1 [1]", "emit  - [2]", #"emit  {"n":[1]} [3]"#, "emit  4 [4]",
            ])
    }

    @Test func spacesBetweenAreAllowed() throws {
        let input = frame(.emits, "[ [ \"s\" , [ [ 5 , [ 1 ] ] , [ 6 , [ 2 ] ] ] ] , [ null , [ ] ] ]")
        #expect(try messages(input) == ["emit s [5] [1]", "emit s [6] [2]"])
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0, 0x53], "a frame has 0 bytes"),
            ([0xFF, 0xFF, 0xFF, 0xFF, 0x45], "a frame has 4294967295 bytes"),
            ([1, 0, 0, 0, 0x20], "no frame of kind 32"), (frame(.tuples, "[]"), "not for a child to send"),
            (frame(.acked, [1, 2, 3]), "of 8 bytes has 3"), (frame(.ackedRanges, bytes(1)), "of 16 bytes has 8"),
            (frame(.ackedRanges, bytes(1, .max)), "a range has"), (frame(.credit, [1]), "not 4"),
            (frame(.sync, "x"), "content"), (frame(.emits, "5"), "'[' is missing"),
            (frame(.emits, "[[5,[]]]"), "stream is not a string"),
            (frame(.emits, "[[null,[[1,5]]]]"), "tuple is not a list"),
            (frame(.emits, "[[null,[[1,[2]]"), "']' is missing"),
            (frame(.emits, #"[[null,[["x",[2]]]]]"#), "no tuple's id"),
            (frame(.emits, "[[null,[[1,[2]]]]] 7"), "more after"),
            (frame(.message, #"{"pid":7,"credit":0}"#), "its credit is not"),
            (frame(.message, "nonsense"), "not an object"),
        ] as [([UInt8], String)])
    func whatDoesNotFitIsRefused(_ input: [UInt8], _ error: String) throws {
        let thrown = #expect(throws: MultilangError.self) { try messages(input) }
        #expect(thrown?.description.contains(error) == true, "\(String(describing: thrown))")
    }

    @Test func randomBytesNeverTrap() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var input = Self.all
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                input[Int.random(in: 0..<input.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            // Most are refused; what matters is that the process lives.
            _ = try? messages(input, isSpout: .random())
        }
    }

    @Test func tuplesOfOneOriginMakeOneRun() throws {
        var encoder = ChildEncoder(.channel)
        let first = ChildEncoder.Origin(.channel, component: "a", stream: "default")
        let second = ChildEncoder.Origin(.channel, component: "b", stream: "s")
        var field = FieldBuffer()
        field.text("x")
        field.bytes.withUnsafeBytes { field in
            for (id, origin, task) in [(1, first, 4), (2, first, 4), (3, second, 5), (5, second, 5), (6, first, 6)] {
                encoder.tuple(
                    id: UInt64(id), from: origin, task: TaskID(Int32(task)), fields: field.baseAddress!, count: 1)
            }
        }
        encoder.heartbeat(id: 9)
        let text =
            #"[["a","default",4,1,[["x"],["x"]]],["b","s",5,3,[["x"]]],["b","s",5,5,[["x"]]],"#
            + #"["a","default",6,6,[["x"]]]]"#
        let heartbeat = #"{"id":"9","comp":null,"stream":"__heartbeat","task":-1,"tuple":[]}"#
        let written = encoder.take()
        #expect(written == frame(.tuples, text) + frame(.message, heartbeat))
        #expect(encoder.isEmpty)
    }

    @Test func outcomesOfASpoutsMessagesShareAFrame() {
        var encoder = ChildEncoder(.channel)
        let begun = [
            encoder.outcome(isAcked: true, id: .int(1)), encoder.outcome(isAcked: true, id: .text("b\"")),
            encoder.outcome(isAcked: false, id: .other(Array("[2]".utf8))),
        ]
        #expect(begun == [true, false, true])
        encoder.next(room: 17)
        let written = encoder.take()
        #expect(written == frame(.acked, #"[1,"b\""]"#) + frame(.failed, "[[2]]") + frame(.next, "17"))
    }
}
