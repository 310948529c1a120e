import ArgumentParser
import Testing

@testable import storm_cli

@Suite struct CommandLineTests {
    private func parsed<Command: ParsableCommand>(_ arguments: [String], as type: Command.Type) throws -> Command {
        try #require(try StormCommand.parseAsRoot(arguments) as? Command)
    }

    @Test func killTakesSeveralNamesAWaitAndTheConfigurationAnywhere() throws {
        let kill = try parsed(["kill", "-c", "a=1", "x", "-w", "5", "y", "-i", "--config", "f"], as: KillCommand.self)
        #expect(kill.names == ["x", "y"])
        #expect(kill.wait == 5 && kill.ignoresErrors)
        #expect(kill.options.settings == ["a=1"] && kill.options.file == "f")
    }

    @Test func settingsMayBeRepeated() throws {
        let list = try parsed(["list", "-c", "a=1", "-c", "b=-2"], as: ListCommand.self)
        #expect(list.options.settings == ["a=1", "b=-2"])
    }

    @Test func jarLeavesTheProgramsArgumentsAlone() throws {
        let jar = try parsed(
            ["jar", "-c", "a=1", "bin/wc", "wc", "in.txt", "--big", "-c", "b=2", "--", "-c"], as: JarCommand.self)
        #expect(jar.program == "bin/wc" && jar.name == "wc")
        #expect(jar.options.settings == ["a=1"])
        #expect(jar.arguments == ["in.txt", "--big", "-c", "b=2", "--", "-c"])
    }

    @Test func localTakesNoName() throws {
        let local = try parsed(["local", "bin/wc", "in.txt", "-x"], as: LocalCommand.self)
        #expect(local.program == "bin/wc" && local.arguments == ["in.txt", "-x"])
    }

    @Test func devTakesPortsAndNumbers() throws {
        let dev = try parsed(
            [
                "dev", "--dir", "d", "--zookeeper-port", "1", "--nimbus-port", "2", "--supervisors", "3", "--slots",
                "4", "--keep",
            ], as: DevCommand.self)
        #expect(dev.folder == "d" && dev.zookeeperPort == 1 && dev.nimbusPort == 2)
        #expect(dev.supervisors == 3 && dev.slots == 4 && dev.keep)
    }

    @Test(arguments: [
        ["kill"], ["monitor", "x", "-i", "0"], ["monitor", "x", "-w", "lost"], ["kill", "-w", "-3", "x"], ["activate"],
        ["list", "x"], ["nosuch"], ["jar", "x"], ["-x"],
    ])
    func whatCannotBeUnderstoodIsAnErrorOfUse(arguments: [String]) {
        do {
            _ = try StormCommand.parseAsRoot(arguments)
            Issue.record("\(arguments) was accepted")
        } catch {
            #expect(StormCommand.exitCode(for: error) == .validationFailure)
            #expect(!StormCommand.message(for: error).contains("\n"))
        }
    }

    @Test func everyCommandTakesTheConfigurationOptions() throws {
        for command in StormCommand.configuration.subcommands {
            let help = StormCommand.helpMessage(for: command)
            #expect(help.contains("-c <key=value>") && help.contains("--config <file>"), "\(command)")
        }
    }
}
