import StormCore
import StormTopology
import StormWire
import Testing

/// A tuple that was handed to a task: `reader` is that task's emitter.
private func received(_ key: Value = "k") throws -> (tuple: Tuple, reader: Rig) {
    let rig = try Rig(
        "source",
        build { builder in
            builder.spout("source") { QuietSpout() }
            builder.bolt("sink") { QuietBolt() }.shuffle("source")
        })
    rig.spout.emit(key, 1)
    let tuple = try #require(rig.take().arrivals.first).tuple
    tuple.batch.reader = rig.emitter.faults
    return (tuple, rig)
}

@Suite struct FieldFaultTests {
    @Test func aFieldOfAnotherTypeReadsAsEmptyAndIsNoted() throws {
        let (tuple, rig) = try received()
        #expect(tuple.int("key") == 0)
        let fault = rig.emitter.faults.take()?.fault
        #expect(fault?.reason == .badField)
        #expect(
            fault?.description == "field 0 'key' of stream source:default is not of type int: it is of type string")
        #expect(tuple.string(1) == "" && tuple.bytes(1) == [] && tuple.bool(0) == false && tuple.double(0) == 0)
        #expect(tuple.withUTF8(1) { $0.count } == 0)
        #expect(rig.emitter.state.pointee.hasFault)
    }

    @Test func aFieldThatIsNotThereReadsAsEmptyAndIsNoted() throws {
        let (tuple, rig) = try received()
        #expect(tuple.string("kye") == "")
        #expect(
            rig.emitter.faults.take()?.fault.description
                == "stream source:default has no field 'kye'; it has: key, number")
        for index in [-1, 2, .max] {
            #expect(tuple.value(index) == .null && tuple.isNull(index) && tuple.int(index) == 0)
            #expect(
                rig.emitter.faults.take()?.fault.description
                    == "stream source:default has no field \(index); it has 2: key, number")
        }
    }

    @Test func whatIsThereIsNoFault() throws {
        let (tuple, rig) = try received()
        #expect(tuple.string("key") == "k" && tuple.int("number") == 1 && tuple.double(1) == 1)
        #expect(rig.emitter.faults.take() == nil && !rig.emitter.state.pointee.hasFault)
    }

    @Test func anIntegerOfMoreThan64BitsReadsAsItsDigitsOrAsADouble() throws {
        let digits = "18446744073709551616"
        let (tuple, rig) = try received(.bigInteger(digits))
        let copy = AsyncTuple(tuple)
        #expect(tuple.value(0) == .bigInteger(digits) && copy.value(0) == .bigInteger(digits))
        #expect(tuple.string(0) == digits && copy.string(0) == digits)
        #expect(tuple.double(0) == 0x1p64 && copy.double(0) == 0x1p64)
        #expect(rig.emitter.faults.take() == nil)
    }

    @Test func theFirstOfSeveralFaultsCounts() throws {
        let (tuple, rig) = try received()
        _ = (tuple.int(0), tuple.string(1))
        let (fault, culprits) = try #require(rig.emitter.faults.take())
        #expect(fault.description.hasPrefix("field 0"))
        #expect(culprits.map(\.record) == [tuple.record])
    }

    @Test func anAsyncTupleNotesItsFaultsForItsCall() throws {
        let (tuple, rig) = try received()
        let faults = CallFaults()
        let copy = AsyncTuple(tuple, faults: faults)
        #expect(copy.string("key") == "k")
        #expect(faults.first == nil)
        #expect(copy.int("key") == 0 && copy.string(7) == "" && copy.value("kye") == .null)
        let words = "field 0 'key' of stream source:default is not of type int"
        #expect(faults.first?.description.hasPrefix(words) == true)
        #expect(!rig.emitter.state.pointee.hasFault)
    }
}
