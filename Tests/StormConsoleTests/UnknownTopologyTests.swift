import StormConsole
import StormThrift
import Testing

@Suite struct UnknownTopologyTests {
    @Test func theNearestNameIsProposed() {
        let failure = UnknownTopology.failure("wrods", among: ["words", "counts"])
        #expect(
            failure.message
                == #"wrods: there is no such topology; did you mean "words"? storm list shows those that run"#)
        #expect(failure.exitCode == 1)
        #expect(UnknownTopology.isMeant(by: failure, name: "wrods"))
    }

    @Test func nothingIsProposedWhenNoneIsNear() {
        let failure = UnknownTopology.failure("wrods", among: ["counts"])
        #expect(failure.message == "wrods: there is no such topology; storm list shows those that run")
        #expect(!UnknownTopology.isMeant(by: failure, name: "words"))
        #expect(!UnknownTopology.isMeant(by: CommandFailure("wrods: not now"), name: "wrods"))
    }

    @Test func aNimbusThatHasNoListIsNoReasonForAnotherError() async {
        let nimbus = ScriptedNimbus(topologies: [])
        let failure = await nimbus.failure(Thrift.NotAliveException(msg: "x is not alive"), topology: "x")
        #expect(failure.message == "x: there is no such topology; storm list shows those that run")
        let other = await nimbus.failure(ThriftError(.timedOut, "late"), topology: "x")
        #expect(other.message == "x: late" && other.exitCode == 3)
    }
}
