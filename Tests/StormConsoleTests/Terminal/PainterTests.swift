import StormConsole
import StormThrift
import Testing

@Suite struct PainterTests {
    private func painted(_ isTerminal: Bool, _ environment: [String: String]) -> Bool {
        Painter(isTerminal: isTerminal, environment: environment).paint("x", .red) != "x"
    }

    @Test func coloursAreForTerminalsThatKnowThem() {
        #expect(painted(true, ["TERM": "xterm"]))
        #expect(!painted(false, ["TERM": "xterm"]))
        #expect(!painted(true, ["TERM": "dumb"]))
    }

    @Test func noColorIsObeyedUnlessItIsEmpty() {
        #expect(!painted(true, ["NO_COLOR": "1"]))
        #expect(painted(true, ["NO_COLOR": ""]))
    }

    @Test func aStatusHasAColourAndTheColumnsStayAligned() {
        let summary = Thrift.TopologySummary(
            id: "wc-1-2", name: "wc", numTasks: 1, numExecutors: 1, numWorkers: 1, uptimeSecs: 1, status: "ACTIVE")
        let plain = TopologyTable.lines([summary])
        let coloured = TopologyTable.lines([summary], painter: Painter(isOn: true))
        #expect(coloured[2] == plain[2].replacing("ACTIVE", with: "\u{1B}[32mACTIVE\u{1B}[0m"))
        #expect(coloured.prefix(2) == plain.prefix(2))
    }
}
