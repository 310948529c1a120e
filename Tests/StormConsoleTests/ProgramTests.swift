import FoundationEssentials
import Glibc
import StormConsole
import StormCore
import StormProcess
import StormTestSupport
import Testing

@Suite struct ProgramFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func fault(_ path: String) -> String? {
        do throws(CommandFailure) {
            _ = try ProgramFile.check(path)
            return nil
        } catch {
            return error.message
        }
    }

    @Test func aProgramAndAnExecutableScriptAreFine() throws {
        let script = try folder.write("#!/bin/sh\n", to: "run")
        #expect(fault(script)?.contains("is not executable; make it so with chmod +x") == true)
        chmod(script, 0o755)
        #expect(try ProgramFile.check(script) == script)
        #expect(try ProgramFile.check("/bin/sh").hasPrefix("/"))
    }

    @Test func whatCannotBeRunIsNamedWithAdvice() throws {
        #expect(fault("\(folder.path)/none")?.contains("No such file or directory; give the path") == true)
        #expect(fault(folder.path)?.contains("not a file") == true)
        let text = try folder.write("hello", to: "text")
        chmod(text, 0o755)
        #expect(fault(text)?.contains("neither a Linux program nor a script") == true)
        let jar = try folder.write("PK\u{3}\u{4}", to: "t.jar")
        #expect(fault(jar)?.contains("is a jar or zip file") == true)
    }
}

@Suite struct PassedArgumentsTests {
    @Test func stormsOptionsAreTakenOutWhereverTheyStand() throws {
        let passed = try PassedArguments(["a", "-c", "topology.workers=2", "--big", "--config", "f", "b", "-c", "x=1"])
        #expect(passed.program == ["a", "--big", "b"])
        #expect(passed.settings == ["topology.workers=2", "x=1"])
        #expect(passed.configFile == "f")
    }

    @Test func whatFollowsTwoHyphensIsTheProgramsAlone() throws {
        let passed = try PassedArguments(["-c", "x=1", "--", "-c", "mine", "--", "--config=g"])
        #expect(passed.program == ["-c", "mine", "--", "--config=g"])
        #expect(passed.settings == ["x=1"] && passed.configFile == nil)
    }

    @Test(arguments: ["-c", "--config"])
    func anOptionWithoutItsValueIsAnErrorOfUse(option: String) {
        let failure = #expect(throws: CommandFailure.self) { try PassedArguments(["a", option]) }
        #expect(failure?.exitCode == 2)
    }
}

@Suite struct LeadingOptionsTests {
    @Test(
        arguments: [
            (["--config", "f", "list"], ["list", "--config", "f"]),
            (
                ["--config=f", "-c", "a=1", "kill", "x", "-w", "3"],
                ["kill", "--config=f", "-c", "a=1", "x", "-w", "3"]
            ),
            (["list", "--config", "f"], ["list", "--config", "f"]), ([], []), (["--config"], ["--config"]),
            (["--config", "f"], ["--config", "f"]), (["--help"], ["--help"]),
            (["--config", "f", "--help"], ["--config", "f", "--help"]),
        ] as [([String], [String])])
    func optionsBeforeTheCommandMoveBehindIt(given: [String], moved: [String]) {
        #expect(LeadingOptions.moved(given) == moved)
    }
}

@Suite struct ProgramInvocationTests {
    private func config() throws -> Config {
        try Config.resolve([
            ConfigLayer(["nimbus.seeds": ["n1"]], from: .file(path: "storm.yaml", line: 1)),
            ConfigLayer(["topology.workers": 2], from: .commandLine(option: "-c topology.workers")),
        ])
    }

    @Test func submitCarriesNameArgumentsAndConfiguration() throws {
        let invocation = ProgramInvocation.submit(
            executable: "/bin/wc", name: "wc", arguments: ["a", "--b"], config: try config())
        #expect(invocation.arguments == ["submit", "--name", "wc", "--", "a", "--b"])
        let text = try #require(invocation.environment["STORM_CLIENT_CONFIG"])
        let value = try JSONDecoder().decode(ConfigValue.self, from: Data(text.utf8))
        #expect(value == ["cluster": ["nimbus.seeds": ["n1"]], "topology": ["topology.workers": 2]])
    }

    @Test func localNeedsNoName() throws {
        let invocation = ProgramInvocation.local(executable: "/bin/wc", arguments: ["a"], config: .defaults)
        #expect(invocation.arguments == ["local", "--", "a"])
        #expect(invocation.environment["STORM_CLIENT_CONFIG"] == #"{"cluster": {}, "topology": {}}"#)
    }

    @Test func localHandsOnHowLongItRuns() throws {
        let invocation = ProgramInvocation.local(
            executable: "/bin/wc", arguments: ["--local-ttl", "a"], config: .defaults, call: LocalCall(limitSeconds: 20)
        )
        #expect(invocation.arguments == ["local", "--local-ttl", "20", "--", "--local-ttl", "a"])
        let (back, rest) = try parsed(Array(invocation.arguments.dropFirst()))
        #expect(back.limit == .seconds(20) && rest == ["--", "--local-ttl", "a"])
    }

    @Test func aLocalRunWithoutATimeOrWith0HasNoLimit() throws {
        let (plain, all) = try parsed(["a", "--local-ttl", "5"])
        #expect(plain.limit == nil && all == ["a", "--local-ttl", "5"])
        let (endless, rest) = try parsed(["--local-ttl", "0", "a"])
        #expect(endless.limit == nil && rest == ["a"])
    }

    @Test(arguments: [["--local-ttl"], ["--local-ttl", "soon"], ["--local-ttl", "-1"]])
    func aLocalRunsTimeIsANumber(arguments: [String]) {
        let failure = #expect(throws: CommandFailure.self) { try parsed(arguments) }
        #expect(failure?.exitCode == 2)
    }

    private func parsed(_ arguments: [String]) throws -> (LocalCall, [String]) {
        var rest: [String] = []
        let call = try LocalCall(arguments, rest: &rest)
        return (call, rest)
    }

    @Test func aFileThatCannotBeStartedIsNamed() throws {
        let folder = try TemporaryFolder()
        let script = try folder.write("#!/nonexistent/interpreter\n", to: "run")
        chmod(script, 0o755)
        let invocation = ProgramInvocation.local(executable: script, arguments: [], config: .defaults)
        let failure = #expect(throws: CommandFailure.self) { try invocation.exec(environment: [:]) }
        #expect(failure?.message.hasPrefix("\(script): No such file or directory; check that") == true)
    }
}
