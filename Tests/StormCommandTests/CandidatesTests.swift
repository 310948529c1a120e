import ArgumentParser
import Testing

@testable import storm_cli

@Suite struct CandidatesTests {
    @Test func theTopologyOnTheLineIsFoundAmongOptionsAndTheirValues() throws {
        let line = try #require(
            Candidates.line([
                "---completion", "rebalance", "--", "--executor", "10", "2", "storm", "--config", "f.yaml", "rebalance",
                "-w", "5", "wc", "-c", "a=1", "-e", "co",
            ]))
        #expect(line.commands == ["rebalance"] && line.operands == ["wc"])
        #expect(line.configFile == "f.yaml" && line.settings == ["a=1"])
    }

    @Test func theWordBeingTypedIsNoOperand() throws {
        let line = try #require(
            Candidates.line(["---completion", "kill", "--", "positional@0", "2", "1", "storm", "kill", "w"]))
        #expect(line.operands.isEmpty)
        let nested = try #require(
            Candidates.line([
                "---completion", "blobstore", "cat", "--", "positional@0", "3", "0", "storm", "blobstore", "cat", "",
            ]))
        #expect(nested.commands == ["blobstore", "cat"] && nested.operands.isEmpty)
    }

    @Test func aSettingWithoutAValueYetIsLeftOut() throws {
        let line = try #require(
            Candidates.line(["---completion", "kill", "--", "positional@0", "4", "0", "storm", "kill", "-c", "a", ""]))
        #expect(line.settings.isEmpty)
    }

    @Test func anythingElseIsNoCompletion() {
        #expect(Candidates.line(["kill", "wc"]) == nil)
        #expect(Candidates.line(["---completion", "kill"]) == nil)
    }

    @Test(arguments: [CompletionShell.bash, .zsh, .fish])
    func everyShellHasAScript(shell: CompletionShell) {
        let script = StormCommand.completionScript(for: shell)
        for command in ["rebalance", "blobstore", "config"] { #expect(script.contains(command)) }
        #expect(script.contains("---completion"))
    }
}
