import ArgumentParser
import StormConsole
import Testing

@testable import storm_cli

@Suite struct CommandLineTests {
    private func parsed<Command: ParsableCommand>(_ arguments: [String], as type: Command.Type) throws -> Command {
        try #require(try StormCommand.parseAsRoot(arguments) as? Command)
    }

    @Test func killTakesSeveralNamesAWaitAndTheConfigurationAnywhere() throws {
        let kill = try parsed(["kill", "-c", "a=1", "x", "-w", "5", "y", "-i", "--config", "f"], as: KillCommand.self)
        #expect(kill.names == ["x", "y"])
        #expect(kill.waitSeconds == 5 && kill.ignoresErrors)
        #expect(kill.options.settings == ["a=1"] && kill.options.file == "f")
    }

    @Test func rebalanceTakesWorkersAndExecutorsByTheLastEqualsSign() throws {
        let rebalance = try parsed(
            ["rebalance", "wc", "-w", "5", "-n", "3", "-e", "count=4", "-e", "a=b=2"], as: RebalanceCommand.self)
        #expect(rebalance.name == "wc" && rebalance.waitSeconds == 5 && rebalance.workers == 3)
        #expect(try rebalance.counts() == ["count": 4, "a=b": 2])
    }

    @Test func whatChangesATopologyCanBeWaitedFor() throws {
        let kill = try parsed(["kill", "x", "-w", "5", "--wait", "--timeout", "9", "--json"], as: KillCommand.self)
        #expect(kill.waitSeconds == 5 && kill.wait.request?.limitSeconds == 9 && kill.json)
        #expect(try parsed(["activate", "x", "--wait"], as: ActivateCommand.self).wait.request?.limitSeconds == 300)
        #expect(try parsed(["deactivate", "x"], as: DeactivateCommand.self).wait.request == nil)
        let jar = try parsed(["jar", "--wait", "--json", "bin/wc", "wc", "--wait"], as: JarCommand.self)
        #expect(jar.wait.isOn && jar.json && jar.arguments == ["--wait"])
        let rebalance = try parsed(["rebalance", "x", "--dry-run", "-t", "{}"], as: RebalanceCommand.self)
        #expect(rebalance.isDryRun && rebalance.settings == "{}")
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

    @Test func shellLeavesTheProgramsOptionsAlone() throws {
        let shell = try parsed(["shell", "-c", "a=1", "res", "sh", "-c", "exit", "--json"], as: ShellCommand.self)
        #expect(shell.resources == "res" && shell.command == "sh" && shell.options.settings == ["a=1"])
        #expect(shell.arguments == ["-c", "exit", "--json"])
    }

    @Test func localEndsAfterStormsTimeOrAnother() throws {
        #expect(try parsed(["local", "bin/wc"], as: LocalCommand.self).limitSeconds == nil)
        let local = try parsed(["local", "--local-ttl", "0", "bin/wc", "--local-ttl"], as: LocalCommand.self)
        #expect(local.limitSeconds == 0 && local.arguments == ["--local-ttl"])
        #expect(throws: (any Error).self) { try StormCommand.parseAsRoot(["local", "--local-ttl", "-1", "bin/wc"]) }
    }

    @Test func credentialsMayNameTheOwner() throws {
        let upload = try parsed(
            ["upload-credentials", "wc", "-u", "ann", "key", "value"], as: UploadCredentialsCommand.self)
        #expect(upload.owner == "ann" && upload.pairs == ["key", "value"])
    }

    @Test func theShellOnZnodesTakesATimeout() throws {
        let admin = try parsed(["admin", "zk_cli", "-t", "500", "ls", "/"], as: AdminCommand.self)
        #expect(admin.action?.text == "zk_cli" && admin.timeoutMilliseconds == 500 && admin.ids == ["ls", "/"])
        #expect(throws: (any Error).self) { try StormCommand.parseAsRoot(["admin", "zk_cli", "-t", "0"]) }
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

    @Test func dlqTakesATopologyAndLetters() throws {
        let replay = try parsed(["dlq", "-c", "a=1", "replay", "wc", "7-a", "7-b"], as: DeadLetterCommand.self)
        #expect(replay.action == .replay && replay.topology == "wc" && replay.ids == ["7-a", "7-b"])
        #expect(replay.options.settings == ["a=1"])
        let list = try parsed(["dlq", "list", "--json"], as: DeadLetterCommand.self)
        #expect(list.action == .list && list.topology == nil && list.json)
        #expect(try parsed(["dlq", "drop", "wc", "--all"], as: DeadLetterCommand.self).all)
    }

    @Test func auditAndWhyTakeATimeoutAndJSON() throws {
        let audit = try parsed(["audit", "wc", "--json", "--timeout", "3", "-c", "a=1"], as: AuditCommand.self)
        #expect(audit.survey.name == "wc" && audit.survey.isJSON && audit.survey.timeoutSeconds == 3)
        #expect(audit.options.settings == ["a=1"])
        let why = try parsed(["why", "wc"], as: WhyCommand.self)
        #expect(why.survey.name == "wc" && !why.survey.isJSON && why.survey.timeoutSeconds == 10)
    }

    @Test func errorsTakesANumber() throws {
        let errors = try parsed(["errors", "-n", "5", "wc", "--json"], as: ErrorsCommand.self)
        #expect(errors.name == "wc" && errors.newest == 5 && errors.isJSON)
        #expect(try parsed(["get-errors", "wc"], as: GetErrorsCommand.self).name == "wc")
    }

    @Test(arguments: [
        ["dlq"], ["dlq", "eat", "wc"], ["dlq", "list", "wc", "7-a"], ["dlq", "show", "wc"], ["dlq", "replay", "wc"],
        ["dlq", "drop", "wc", "7-a", "--all"], ["dlq", "drop", "--all"],
        ["kill"], ["monitor", "x", "-i", "0"], ["monitor", "x", "-w", "lost"], ["kill", "-w", "-3", "x"], ["activate"],
        ["list", "x"], ["nosuch"], ["jar", "x"], ["-x"],
        ["audit"], ["audit", "--timeout", "0", "x"], ["errors", "-n", "0", "x"], ["why", "a", "b"],
        ["rebalance"], ["rebalance", "x", "-n", "0"], ["rebalance", "x", "-e", "count"],
        ["rebalance", "x", "-e", "count=0"], ["rebalance", "x", "-e", "=1"], ["rebalance", "x", "-r", "{}"],
        ["rebalance", "x", "--dry-run", "--wait"], ["kill", "x", "--dry-run", "--wait"],
        ["kill", "x", "--timeout", "5"],
        ["activate", "x", "--wait", "--timeout", "0"], ["list", "--json", "--names"],
        ["blobstore", "replication", "--update", "k", "-r", "3"],
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
        func check(_ command: any ParsableCommand.Type) {
            guard command.configuration.subcommands.isEmpty else {
                return command.configuration.subcommands.forEach(check)
            }
            let help = StormCommand.helpMessage(for: command)
            #expect(help.contains("-c <key=value>") && help.contains("--config <file>"), "\(command)")
        }
        // What is hidden is no command for people.
        for command in StormCommand.configuration.subcommands where command.configuration.shouldDisplay {
            check(command)
        }
    }
}
