import StormCore
import StormLogs
import ArgumentParser
import StormConsole
import Testing

@testable import storm_cli

@Suite struct LogsCommandLineTests {
    private func logs(_ arguments: [String]) throws -> LogsCommand {
        try #require(try StormCommand.parseAsRoot(["logs"] + arguments) as? LogsCommand)
    }

    @Test func whatIsFollowedStartsWithTheNewestLines() throws {
        #expect(try logs(["wc"]).query(now: 0).newest == nil)
        #expect(try logs(["wc", "-f"]).query(now: 0).newest == 10)
        #expect(try logs(["wc", "-f", "-n", "3"]).query(now: 0).newest == 3)
        #expect(try logs(["wc", "-f", "--since", "1m"]).query(now: 60_000).newest == nil)
        #expect(try logs(["wc", "--since", "1m"]).query(now: 60_000).filter.sinceMilliseconds == 0)
    }

    @Test func levelsAreStormsOrOurs() throws {
        #expect(try logs(["wc", "--level", "WARN"]).query(now: 0).filter.level == .warning)
        #expect(throws: CommandFailure.self) { try logs(["wc", "--level", "LOUD"]).query(now: 0) }
    }

    @Test func logLevelsAreSetAndRemovedInOneGo() throws {
        let command = try #require(
            try StormCommand.parseAsRoot([
                "set_log_level", "wc", "-l", "split=DEBUG:30", "-l", "ROOT=WARN", "-r", "a.b",
            ])
                as? SetLogLevelCommand)
        #expect(
            try command.changes() == [
                LogLevelSetting(logger: "split", level: .debug, seconds: 30),
                LogLevelSetting(logger: "ROOT", level: .warning), LogLevelSetting(logger: "a.b", level: nil),
            ])
    }

    @Test func adminTakesItsSubcommandAsStormDoes() throws {
        let admin = try #require(
            try StormCommand.parseAsRoot(["admin", "zk_cli", "-w", "-n", "-s", "h:1,i:2"]) as? AdminCommand)
        #expect(admin.action?.text == "zk_cli" && admin.mayWrite && admin.leavesOffRoot && admin.servers == "h:1,i:2")
    }
}
