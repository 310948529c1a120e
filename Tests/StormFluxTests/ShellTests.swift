import StormCore
import StormTopology
import Testing

@testable import StormFlux

@Suite struct ShellTests {
    private func bolt(_ more: String) -> String {
        FluxFixtures.whole.replacing(
            "constructorArgs: [[python3, split.py], [word]]",
            with: "constructorArgs: [[python3, split.py], [word]]\n" + more)
    }

    private func built(_ text: String) throws -> FluxAssembly.Result {
        try FluxAssembly(FluxFixtures.load(text), FluxComponents(), shellFolder: "/r", isTrial: true).build()
    }

    @Test func commandAndFieldsAreTaken() throws {
        let result = try built(FluxFixtures.whole)
        #expect(result.shells["split"]?.command == ["python3", "split.py"])
        #expect(result.topology.description["split"]?.streams == [StreamDescription(fields: ["word"])])
        #expect(result.topology.description["split"]?.implementation == "shell: python3 split.py")
    }

    @Test func methodsSetStreamsConfigurationAndEnvironment() throws {
        let result = try built(
            bolt(
                """
                    configMethods:
                      - {name: setDefaultStream, args: [[word, count]]}
                      - {name: setNamedStream, args: [bad, [why]]}
                      - {name: addComponentConfig, args: [rabbitmq.port, 5672]}
                      - {name: addComponentConfig, args: [hosts, [a, b]]}
                      - {name: setEnv, args: [{MODE: fast, N: 3}]}
                      - {name: changeChildCWD, args: [true]}
                    config: {rabbitmq.port: 1}
                """))
        let component = try #require(result.topology.description["split"])
        #expect(
            component.streams == [
                StreamDescription("bad", fields: ["why"]), StreamDescription(fields: ["word", "count"]),
            ])
        #expect(component.configuration == ["rabbitmq.port": 1, "hosts": ["a", "b"]])
        #expect(result.shells["split"]?.environment == ["MODE": "fast", "N": "3"])
    }

    @Test(arguments: [
        (
            "{name: setDefaultStrem, args: [[a]]}",
            "configMethods[0].name: shell components have no method 'setDefaultStrem'; did you mean setDefaultStream?"
        ),
        (
            "{name: setNamedStream, args: [a]}",
            "configMethods[0].args: setNamedStream takes [stream, [field, …]]; it has 1 arguments"
        ),
        (
            "{name: setNamedStream, args: [a, b]}",
            "configMethods[0].args[1]: must be the fields, [field, …], a list of texts"
        ),
        ("{name: addComponentConfig, args: [topology.max.spout.pending, x]}", "topology.max.spout.pending is \"x\""),
        ("{name: changeChildCWD, args: [maybe]}", "must be true (starts in"),
        ("{name: setEnv, args: [x]}", "must be a map of names and texts"),
    ])
    func callsThatMakeNoSenseAreRefused(call: String, fault: String) {
        let found = FluxFixtures.faults(bolt("    configMethods: [\(call)]"), FluxComponents())
        #expect(found.count == 1)
        #expect(found.first?.contains(fault) == true, "\(found)")
    }

    @Test func aCommandMustBeAListOfTexts() {
        for wrong in ["[python3]", "[[]]", "[[python3], [a], [b]]", "[]", "[[[a]]]"] {
            let text = FluxFixtures.whole.replacing("[[python3, split.py], [word]]", with: wrong)
            #expect(!FluxFixtures.faults(text, FluxComponents()).isEmpty, "\(wrong)")
        }
    }

    /// What is submitted for the bolt.
    private func words(_ text: String) throws -> [String] {
        let shell = try #require(try built(text).shells["split"])
        return [shell.submitted.program] + (shell.submitted.argument.map { [$0] } ?? [])
    }

    @Test func twoWordsTravelAsTheyAreMoreThroughEnv() throws {
        #expect(try words(FluxFixtures.whole) == ["python3", "split.py"])
        let long = FluxFixtures.whole.replacing("[python3, split.py]", with: "[python3, -u, \"it's \\\\ a\"]")
        #expect(try words(long) == ["/usr/bin/env", "-S'python3' '-u' 'it\\'s \\\\ a'"])
        let environment = bolt("    configMethods: [{name: setEnv, args: [{PATH: /x, A: b c}]}]")
        #expect(
            try words(environment) == ["/usr/bin/env", "-S'A=b c' PATH=${PATH}:'/x' 'python3' 'split.py'"])
    }

    @Test func withoutAChangeOfFolderItStartsInTheWorkers() throws {
        let result = try built(bolt("    configMethods: [{name: changeChildCWD, args: [false]}]"))
        let launch = try #require(result.shells["split"]).launch
        #expect(launch[..<2] == ["sh", "-c"] && launch[2].contains("/proc/$PPID/cwd"))
        #expect(launch.suffix(2) == ["python3", "split.py"])
        #expect(try #require(result.shells["split"]).submitted.program == "/usr/bin/env")
    }

    @Test func mergeKeysAndAliasesAreWrittenOut() throws {
        let text = """
            name: words
            config: &c {a: 1, b: 2}
            spouts:
              - id: lines
                className: org.apache.storm.flux.wrappers.spouts.FluxShellSpout
                constructorArgs: [[python3, lines.py], &f [line]]
                config: {<<: *c, b: 3}
            bolts:
              - id: split
                className: org.apache.storm.flux.wrappers.bolts.FluxShellBolt
                constructorArgs: [[python3, split.py], *f]
            streams:
              - {from: lines, to: split, grouping: {type: FIELDS, args: *f}}
            """
        let description = try built(text).topology.description
        #expect(description["lines"]?.configuration == ["a": 1, "b": 3])
        #expect(description["split"]?.inputs.map(\.grouping) == [.fields(["line"])])
    }
}
