import StormThrift
import Testing

@Suite struct ThriftReaderTests {
    private func code<Value>(
        _ hex: String, limits: ThriftLimits = ThriftLimits(), _ read: (inout ThriftReader) throws -> Value
    ) -> ThriftError.Code? {
        var reader = ThriftReader(bytes: bytes(hex: hex), limits: limits)
        do {
            _ = try read(&reader)
            return nil
        } catch {
            return (error as? ThriftError)?.code
        }
    }

    @Test func negativeLengthsAreMalformed() {
        #expect(code("ffffffff") { try $0.readString() } == .malformed)
        #expect(code("08 ffffffff") { try [Int32](from: &$0) } == .malformed)
        #expect(code("0b 08 80000000") { try [String: Int32](from: &$0) } == .malformed)
    }

    @Test func claimedLengthsAreCheckedAgainstTheBytesThatAreThere() {
        #expect(code("000fffff 61") { try $0.readString() } == .truncated)
        #expect(code("08 000f4000 00000001") { try [Int32](from: &$0) } == .truncated)
        #expect(code("0b 0b 00010000 00000000") { try [String: String](from: &$0) } == .truncated)
        #expect(code("0c 00001000 00") { try $0.skip(.list) } == .truncated)
    }

    @Test func limitsHold() {
        var limits = ThriftLimits()
        limits.stringBytesMax = 3
        limits.elementsMax = 2
        #expect(code("00000004 61626364", limits: limits) { try $0.readString() } == .limitExceeded)
        #expect(code("02 00000003 010101", limits: limits) { try [Bool](from: &$0) } == .limitExceeded)
        #expect(code("7fffffff") { try $0.readString() } == .limitExceeded)
    }

    @Test func deepNestingIsRefusedBeforeTheStackEnds() {
        // A list of one list of one list …
        let listOfList = String(repeating: "0f 00000001 ", count: 50_000)
        #expect(code(listOfList) { try $0.skip(.list) } == .limitExceeded)
        let structInStruct = String(repeating: "0c 0001 ", count: 50_000)
        #expect(code(structInStruct) { try $0.skip(.structure) } == .limitExceeded)
        #expect(code(structInStruct) { try Thrift.KillOptions(from: &$0) } == .limitExceeded)
    }

    @Test func elementsOfAnotherTypeAreMalformedUnlessThereAreNone() throws {
        #expect(code("0a 00000001 0000000000000001") { try [Int32](from: &$0) } == .malformed)
        #expect(code("0a 00000000") { try [Int32](from: &$0) } == nil)
        #expect(code("00 00000000") { try [Int32](from: &$0) } == nil)
        #expect(code("00 00 00000000") { try [String: String](from: &$0) } == nil)
        #expect(code("00 00000001 00") { try $0.skip(.list) } == .malformed)
        #expect(code("63 00000001 00") { try $0.skip(.list) } == .malformed)
    }

    @Test func textThatIsNotUTF8IsRefused() {
        #expect(code("00000002 c328") { try $0.readString() } == .malformed)
    }

    @Test func missingRequiredFieldNamesStructAndField() {
        var reader = ThriftReader(bytes: bytes(hex: "0b 0001 00000001 61 00"))
        #expect {
            try Thrift.NimbusSummary(from: &reader)
        } throws: { error in
            guard let error = error as? ThriftError else { return false }
            return error.code == .missingField && error.message.contains("NimbusSummary")
                && error.message.contains("2 'port'")
        }
    }

    @Test func fieldOfAnotherTypeCountsAsUnknown() throws {
        // wait_secs as text.
        var reader = ThriftReader(bytes: bytes(hex: "0b 0001 00000002 3330 00"))
        #expect(try Thrift.KillOptions(from: &reader) == Thrift.KillOptions())
    }

    @Test func unknownEnumCaseCountsAsUnset() throws {
        var optional = ThriftReader(bytes: bytes(hex: "08 0001 00000063 00"))
        #expect(try Thrift.GetInfoOptions(from: &optional).errorChoice == nil)
        #expect(code("08 0001 00000063 00") { try Thrift.SubmitOptions(from: &$0) } == .missingField)
    }

    @Test func unionWithTwoMembersOrNoneIsRefused() {
        let shuffle = "0c 0002 00"
        #expect(code(shuffle + shuffle + "00") { try Thrift.Grouping(from: &$0) } == .malformed)
        #expect(code("00") { try Thrift.Grouping(from: &$0) } == .missingField)
    }

    @Test func doublesKeepEveryBit() throws {
        for value in [0.0, -0.0, .infinity, -.infinity, .pi, .leastNonzeroMagnitude] {
            var writer = ThriftWriter()
            value.write(to: &writer)
            var reader = ThriftReader(bytes: writer.bytes)
            #expect(try Double(from: &reader).bitPattern == value.bitPattern)
        }
    }
}
