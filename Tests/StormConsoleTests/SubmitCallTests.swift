import StormConsole
import Testing

@Suite struct SubmitCallTests {
    private func parsed(_ arguments: [String]) throws -> (SubmitCall, [String]) {
        var rest: [String] = []
        let call = try SubmitCall(arguments, rest: &rest)
        return (call, rest)
    }

    @Test func whatStormHandsOverComesBack() throws {
        for call in [
            SubmitCall(name: "wc"), SubmitCall(name: "wc", wait: WaitRequest(limitSeconds: 7), isJSON: true),
        ] {
            let (back, rest) = try parsed(call.arguments + ["--", "--wait", "in.txt"])
            #expect(back == call && rest == ["--", "--wait", "in.txt"])
        }
    }

    @Test func aWaitWithoutATimeHasTheUsualOne() throws {
        let (call, rest) = try parsed(["--name", "wc", "--wait", "in.txt", "--json"])
        #expect(call.wait?.limitSeconds == 300 && !call.isJSON && rest == ["in.txt", "--json"])
    }

    @Test(arguments: [
        [], ["wc"], ["--name"], ["--name", "wc", "--timeout", "5"], ["--name", "wc", "--wait", "--timeout"],
        ["--name", "wc", "--wait", "--timeout", "0"],
    ])
    func whatCannotBeUnderstoodIsAnErrorOfUse(arguments: [String]) {
        let failure = #expect(throws: CommandFailure.self) { try parsed(arguments) }
        #expect(failure?.exitCode == 2)
    }
}
