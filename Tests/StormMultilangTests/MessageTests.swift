import StormCore
import StormWire
import Testing

@testable import StormMultilang

private func decode(_ text: String, isSpout: Bool = false) throws -> ChildMessage {
    var decoder = ChildDecoder(.json, isSpout: isSpout)
    try Array(text.utf8).withUnsafeBytes { try decoder.decode($0) }
    return decoder.message
}

private func encoded(_ values: [Value]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: values.reduce(0) { $0 + $1.encodedByteCount }) { buffer, count in
        let start = UnsafeMutableRawPointer(buffer.baseAddress!)
        count = values.reduce(start) { $1.encode(at: $0) } - start
    }
}

@Suite struct MessageTests {
    @Test func anEmitIsTakenApartInAnyOrderOfItsKeys() throws {
        for text in [
            #"{"command":"emit","anchors":["7","9"],"stream":"s","task":4,"tuple":["a",1.5],"need_task_ids":false}"#,
            #"{"tuple":["a",1.5],"other":{"x":[1]},"task":4,"need_task_ids":false,"stream":"s","anchors":["7",9],"command":"emit"}"#,
        ] {
            let message = try decode(text)
            #expect(message.kind == .emit && message.anchors == [7, 9] && message.stream == Array("s".utf8))
            #expect(message.task == 4 && message.isDirect && !message.needsTaskIDs && message.fieldCount == 2)
            #expect(message.fields.bytes == encoded(["a", 1.5]))
        }
    }

    @Test func whatIsLeftOutHasStormsDefaults() throws {
        let message = try decode(#"{"command":"emit","tuple":[],"anchors":"12","task":null,"stream":null}"#)
        #expect(message.needsTaskIDs && !message.isDirect && message.stream.isEmpty && message.anchors == [12])
        #expect(try decode(#"{"command":"emit","tuple":[],"task":0}"#).isDirect == false)
        #expect(try decode(#"{"command":"log","msg":"x"}"#).level == 2)
    }

    @Test(
        arguments: [
            (#""m-17""#, ChildID.text("m-17")), ("17", .int(17)), ("-1", .int(-1)),
            ("1.50", .other(Array("1.50".utf8))),
            (#"[1, "a"]"#, .other(Array(#"[1, "a"]"#.utf8))), (#"{"a":1}"#, .other(Array(#"{"a":1}"#.utf8))),
            ("true", .other(Array("true".utf8))), (#""\ud800""#, .other(Array(#""\ud800""#.utf8))),
        ] as [(String, ChildID)])
    func idsOfAnyTypeAreGivenBackAsTheyCame(_ text: String, _ id: ChildID) throws {
        let message = try decode(#"{"command":"emit","id":\#(text),"tuple":[]}"#, isSpout: true)
        #expect(message.id == id)
        #expect(ChildID(id.messageID) == id)
        var encoder = ChildEncoder(.json)
        encoder.command("ack", id: message.id)
        #expect(String(decoding: encoder.take(), as: UTF8.self) == "{\"command\":\"ack\",\"id\":\(text)}\nend\n")
    }

    @Test func noIdMeansUntracked() throws {
        #expect(try decode(#"{"command":"emit","tuple":[]}"#, isSpout: true).id == nil)
        #expect(try decode(#"{"command":"emit","id":null,"tuple":[]}"#, isSpout: true).id == nil)
    }

    @Test(arguments: [
        "", "[]", "7", "{}", #"{"msg":"x"}"#, #"{"command":1}"#, #"{"command":"emit","tuple":5}"#,
        #"{"command":"emit","tuple":[],"task":"a"}"#, #"{"command":"emit","tuple":[],"anchors":["x"]}"#,
        #"{"command":"sync"} x"#, #"{"command":"sync"}{"command":"sync"}"#,
    ])
    func whatIsNoMessageIsRefused(_ text: String) { #expect(throws: MultilangError.self) { try decode(text) } }

    @Test func messagesToTheChildHaveStormsText() {
        var encoder = ChildEncoder(.json)
        let origin = ChildEncoder.Origin(.json, component: "src", stream: "default")
        encoded(["a b c", 5]).withUnsafeBytes {
            encoder.tuple(id: 771, from: origin, task: TaskID(2), fields: $0.baseAddress!, count: 2)
        }
        #expect(
            String(decoding: encoder.take(), as: UTF8.self)
                == "{\"id\":\"771\",\"comp\":\"src\",\"stream\":\"default\",\"task\":2,\"tuple\":[\"a b c\",5]}\nend\n")
        encoder.heartbeat(id: 0)
        encoder.command("next")
        encoder.taskIDs([TaskID(4), TaskID(9)])
        #expect(
            String(decoding: encoder.take(), as: UTF8.self)
                == "{\"id\":\"0\",\"comp\":null,\"stream\":\"__heartbeat\",\"task\":-1,\"tuple\":[]}\nend\n"
                + "{\"command\":\"next\",\"id\":\"\"}\nend\n[4,9]\nend\n")
    }

    @Test func messagesAreCutAtTheirEndLinesWhereverTheyArriveInPieces() throws {
        let text = "{\"pid\":1}\nend\n{\n\"command\":\n\"sync\"}\nend\nsome end\nend \n{}\r\nend\r\n"
        let bytes = Array(text.utf8)
        for size in [1, 2, 3, 5, bytes.count] {
            var assembler = MessageAssembler(.json, messageBytesMax: 1000)
            var found: [String] = []
            var strays = 0
            var start = 0
            while start < bytes.count {
                assembler.append(Array(bytes[start..<min(bytes.count, start + size)]))
                start += size
                while let range = try assembler.next() {
                    found.append(String(decoding: assembler.bytes[range], as: UTF8.self))
                }
                strays += assembler.takeStray()?.lineCount ?? 0
            }
            #expect(found == ["{\"pid\":1}", "{\n\"command\":\n\"sync\"}", "{}\r"])
            #expect(strays == 2)
        }
    }

    @Test func aMessageWithoutAnEndIsBounded() throws {
        var assembler = MessageAssembler(.json, messageBytesMax: 1000)
        assembler.append([UInt8](repeating: 0x61, count: 1000))
        #expect(try assembler.next() == nil)
        assembler.append([0x61])
        #expect(throws: MultilangError.self) { try assembler.next() }
    }

    @Test func strayLinesAreToldFromTheMessageAfterThem() {
        func start(_ text: String) -> Int? { Array(text.utf8).withUnsafeBytes { StrayOutput.messageStart($0) } }
        #expect(start("{hello\n{\"command\":\"sync\"}") == 7)
        #expect(start("{'a': 1}\n{'b': 2}\n{}\n") == 18)
        #expect(start("{\"command\":\"sync\"}") == nil)
        #expect(start("hello\nyou") == nil && start("") == nil)
        #expect(StrayOutput.excerpt(Array("\u{1}abc\ndef".utf8)) == "?abc")
        #expect(StrayOutput.excerpt([UInt8](repeating: 0x61, count: 500)).count == 201)
    }

    @Test func linesBetweenMessagesAreBoundedAndTheFirstIsShown() throws {
        var assembler = MessageAssembler(.json, messageBytesMax: 8 << 20)
        assembler.append(Array("one\n\ntwo\n{}\nend\nthree\n".utf8))
        _ = try #require(try assembler.next())
        #expect(assembler.takeStray() == StrayOutput(firstLine: "one", lineCount: 2))
        #expect(try assembler.next() == nil)
        #expect(assembler.takeStray() == StrayOutput(firstLine: "three", lineCount: 1))
        let line = [UInt8](repeating: 0x7A, count: 99_999) + [0x0A]
        for _ in 0..<10 {
            assembler.append(line)
            #expect(try assembler.next() == nil)
        }
        assembler.append(line)
        #expect(throws: MultilangError.self) { try assembler.next() }
    }

    @Test func aLineThatIsNoMessageAndDoesNotEndIsCutOffEarly() throws {
        var assembler = MessageAssembler(.json, messageBytesMax: 8 << 20)
        assembler.append([UInt8](repeating: 0x7A, count: MessageAssembler.strayBytesMax))
        #expect(try assembler.next() == nil)
        assembler.append([0x7A])
        #expect(throws: MultilangError.self) { try assembler.next() }
        assembler.removeAll()
        // What begins as a message may be as long as messages may be.
        assembler.append([0x7B] + [UInt8](repeating: 0x7A, count: MessageAssembler.strayBytesMax))
        #expect(try assembler.next() == nil)
    }

    @Test func aFloodIsReadAtItsPace() {
        var budget = ReadBudget(bytesPerSecond: 100)
        budget.take(99, now: 5_000_000_000)
        #expect(budget.opens(now: 5_000_000_000) == nil)
        budget.take(1, now: 5_500_000_000)
        #expect(budget.opens(now: 5_500_000_000) == 6_000_000_000)
        #expect(budget.opens(now: 6_000_000_000) == nil)
        budget.take(60, now: 6_000_000_000)
        #expect(budget.opens(now: 6_000_000_001) == nil)
    }

    @Test func aChildThatKeepsEndingIsStartedMoreAndMoreSeldom() {
        var pause = RestartPause()
        #expect(
            (0..<11).map { _ in pause.next(lived: 0) / 100_000_000 } == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        #expect(pause.next(lived: 60_000_000_000) == 100_000_000)
    }

    @Test func serializersHaveTheNamesThatConfigurationsHave() throws {
        for name in ["json", "org.apache.storm.multilang.JsonSerializer"] {
            #expect(try Serializer(named: name) == .json)
        }
        for name in ["msgpack", "com.yelp.pyleus.serializer.MessagePackSerializer"] {
            #expect(try Serializer(named: name) == .messagePack)
        }
        #expect(throws: MultilangError.self) { try Serializer(named: "xml") }
    }

    /// It ended the worker.
    @Test func aConfigurationThatIsNestedTooDeepForAMessageIsRefusedByName() throws {
        func nested(_ depth: Int) -> ConfigValue {
            (0..<depth).reduce(ConfigValue.int(1)) { inner, _ in ConfigValue.list([inner]) }
        }
        try Handshake.checkDepth(["a": nested(62)])
        var encoder = ChildEncoder(.json)
        encoder.handshake(.map(["conf": .map(["a": Value(nested(62))])]))
        #expect(encoder.take().count == 2 * 62 + #"{"conf":{"a":1}}"#.utf8.count + "\nend\n".utf8.count)
        let refusal = MultilangError("the configuration's 'a' is nested deeper than 62 lists and maps")
        #expect(throws: refusal) { try Handshake.checkDepth(["a": nested(63)]) }
    }

    @Test func theNameOfATopologyIsReadFromItsId() {
        #expect(Handshake.name(of: "word-count-3-1700000000") == "word-count")
        #expect(Handshake.name(of: "WordCount") == "WordCount")
    }
}
