import StormConsole
import StormThrift
import Testing

@Suite struct CommandExitTests {
    @Test func theTableIsTheAgreedOne() {
        #expect(CommandExit.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 130, 143])
        #expect(CommandExit.lines.count == 8 && CommandExit.lines[0] == "Status  Meaning")
        #expect(CommandExit.lines[4].hasPrefix("     3  the cluster"))
    }

    @Test func whatNimbusAnswersAndThatItDoesNotAreToldApart() {
        func code(_ error: any Error) -> Int32 { CommandFailure.nimbus(error).exitCode }
        #expect(code(Thrift.NotAliveException(msg: "x")) == 1)
        #expect(code(Thrift.InvalidTopologyException(msg: "x")) == 1)
        #expect(code(ThriftError(.noLeader, "nobody leads")) == 3)
        #expect(code(ThriftError(.timedOut, "late")) == 3)
        #expect(code(ThriftError(.malformed, "odd")) == 1)
        #expect(code(ThriftApplicationException(.internalError, "kill: not a leader")) == 3)
        #expect(code(CancellationError()) == 130)
        #expect(code(CommandFailure.usage("x")) == 2)
    }

    @Test func aRefusalOfNimbusIsToldInItsOwnWords() {
        let refusal = ThriftApplicationException(.internalError, "topology 'wc' is REBALANCING")
        #expect(CommandFailure.nimbus(refusal, about: "wc").message == "wc: topology 'wc' is REBALANCING")
        let protocolFault = ThriftApplicationException(.badSequence, "odd")
        #expect(CommandFailure.nimbus(protocolFault).message == "nimbus answered with an error: odd")
    }

    @Test func theMessageSaysWhatTheCallWasAbout() {
        #expect(CommandFailure.nimbus(ThriftError(.timedOut, "late"), about: "wc").message == "wc: late")
    }
}
