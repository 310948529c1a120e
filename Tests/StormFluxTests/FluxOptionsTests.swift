import ArgumentParser
import Testing

@testable import StormFlux

@Suite struct FluxOptionsTests {
    @Test func theOptionsOfStormAreTaken() throws {
        let options = try FluxOptions.parse(["--local", "--no-splash", "--sleep", "5000", "word.yaml"])
        #expect(options.local)
        #expect(options.sleep == 5000)
        #expect(options.file == "word.yaml")
        let short = try FluxOptions.parse(["-l", "-s", "1", "-d", "-q", "-n", "-i", "-R", "-f", "p", "-e", "w.yaml"])
        #expect(short.dryRun && short.noDetail && short.inactive && short.resource && short.envFilter)
        #expect(short.filter == "p")
    }

    @Test func theArgumentsParseToTheSameOptions() throws {
        let options = try FluxOptions.parse([
            "-l", "-d", "-i", "-R", "-e", "-f", "p", "--resources", "r", "--wait", "--timeout", "3", "--json", "w.yaml",
        ])
        #expect(try FluxOptions.parse(options.arguments).arguments == options.arguments)
    }

    @Test(arguments: [
        [], ["a", "b"], ["--sleep", "-1", "a"], ["--timeout", "3", "a"], ["--local", "--remote", "a"],
    ])
    func whatMakesNoSenseIsRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { try FluxOptions.parse(arguments) }
    }

    @Test func thePartsArePrinted() throws {
        let topology = try FluxFixtures.load(
            FluxFixtures.whole.replacing("{type: SHUFFLE}", with: "{type: FIELDS, args: [line]}"))
        #expect(
            FluxPrintout.lines(topology) == [
                "topology words", "  spout       lines   1 executor     shell: python3 lines.py",
                "  bolt        split   1 executor     shell: python3 split.py",
                "  stream      lines --FIELDS(line)--> split",
            ])
    }
}
