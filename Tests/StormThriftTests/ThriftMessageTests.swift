import StormThrift
import Testing

@Suite struct ThriftMessageTests {
    /// killTopologyWithOpts("wc", {wait_secs: 30}), sequence 7; written by hand from the protocol's description.
    private let request = bytes(
        hex: """
            80010001 00000014 6b696c6c546f706f6c6f6779576974684f707473 00000007
            0b 0001 00000002 7763
            0c 0002 08 0001 0000001e 00
            00
            """)

    @Test func requestHasTheExpectedBytes() {
        var writer = ThriftWriter()
        NimbusCalls.killTopologyWithOpts.writeRequest("wc", Thrift.KillOptions(waitSecs: 30), sequence: 7, to: &writer)
        #expect(writer.bytes == request)
    }

    @Test func requestIsReadBack() throws {
        var reader = ThriftReader(bytes: request)
        #expect(try reader.readMessageHeader() == ThriftMessageHeader("killTopologyWithOpts", .call, 7))
        let (name, options) = try NimbusCalls.killTopologyWithOpts.readArguments(from: &reader)
        #expect(name == "wc")
        #expect(options.waitSecs == 30)
        #expect(reader.bytesLeft == 0)
    }

    @Test func olderHeaderWithoutVersionIsRead() throws {
        var reader = ThriftReader(bytes: bytes(hex: "00000009 6765744c6561646572 01 00000005 00"))
        #expect(try reader.readMessageHeader() == ThriftMessageHeader("getLeader", .call, 5))
    }

    @Test func foreignProtocolsAreRefused() {
        // "GET / HTTP/1.1", a TLS hello, another version of Thrift's header.
        for hex in ["474554202f20485454502f312e31", "160301020001000001fc0303", "80020001 00000001 61 00000000"] {
            var reader = ThriftReader(bytes: bytes(hex: hex))
            #expect(throws: ThriftError.self) { try reader.readMessageHeader() }
        }
    }

    @Test func declaredExceptionIsThrownFromItsFieldOfTheResult() {
        // Result with field 1: NotAliveException {msg: "no"}.
        var reader = ThriftReader(
            bytes: bytes(
                hex: "80010002 0000000c 6b696c6c546f706f6c6f6779 00000001 0c 0001 0b 0001 00000002 6e6f 00 00"))
        #expect(throws: Thrift.NotAliveException(msg: "no")) {
            try NimbusCalls.killTopology.readReply(from: &reader, sequence: 1)
        }
    }

    @Test func applicationExceptionIsThrownWithKindAndText() {
        var reader = ThriftReader(
            bytes: bytes(
                hex: """
                    80010003 0000000c 6b696c6c546f706f6c6f6779 00000001
                    0b 0001 00000002 6e6f 08 0002 00000006 00
                    """))
        #expect(throws: ThriftApplicationException(.internalError, "no")) {
            try NimbusCalls.killTopology.readReply(from: &reader, sequence: 1)
        }
    }

    @Test func emptyResultIsNilWhereNullIsAllowedAndAnErrorElsewhere() throws {
        var leader = ThriftReader(bytes: bytes(hex: "80010002 00000009 6765744c6561646572 00000001 00"))
        #expect(try NimbusCalls.getLeader.readReply(from: &leader, sequence: 1) == nil)
        var conf = ThriftReader(bytes: bytes(hex: "80010002 0000000d 6765744e696d627573436f6e66 00000001 00"))
        #expect(throws: ThriftApplicationException(.missingResult, "getNimbusConf failed: unknown result")) {
            try NimbusCalls.getNimbusConf.readReply(from: &conf, sequence: 1)
        }
    }

    @Test func replyToAnotherRequestIsRefused() {
        for sequence in [Int32(2), 3] {
            var reader = ThriftReader(bytes: bytes(hex: "80010002 00000009 6765744c6561646572 00000001 00"))
            #expect {
                try NimbusCalls.getLeader.readReply(from: &reader, sequence: sequence)
            } throws: { ($0 as? ThriftError)?.code == .wrongReply }
        }
    }

    @Test func argumentsMayComeInAnyOrderAndOptionsMayBeAbsent() throws {
        var swapped = ThriftReader(bytes: bytes(hex: "0c 0002 08 0001 0000001e 00 0b 0001 00000002 7763 00"))
        let (name, options) = try NimbusCalls.killTopologyWithOpts.readArguments(from: &swapped)
        #expect(name == "wc" && options.waitSecs == 30)
        var absent = ThriftReader(bytes: bytes(hex: "0b 0001 00000002 7763 00"))
        #expect(try NimbusCalls.killTopologyWithOpts.readArguments(from: &absent).1 == Thrift.KillOptions())
        var noName = ThriftReader(bytes: bytes(hex: "00"))
        #expect(throws: ThriftError.self) { try NimbusCalls.killTopologyWithOpts.readArguments(from: &noName) }
    }
}
