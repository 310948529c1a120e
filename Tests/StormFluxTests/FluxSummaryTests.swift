import Testing

@testable import StormFlux

@Suite struct FluxSummaryTests {
    @Test func partsAreNamedInTheOrderOfTheFile() throws {
        let summary = FluxSummary(try FluxFixtures.load(FluxFixtures.whole))
        #expect(summary.name == "words" && summary.components.isEmpty)
        #expect(summary.spouts.map(\.id) == ["lines"] && summary.bolts.map(\.id) == ["split"])
        #expect(summary.spouts.first?.command == ["python3", "lines.py"])
        #expect(summary.bolts.first?.executors == 1 && summary.bolts.first?.tasks == nil)
        let stream = try #require(summary.streams.first)
        #expect(stream.from == "lines" && stream.to == "split" && stream.stream == nil)
        #expect(stream.grouping == "SHUFFLE" && stream.fields.isEmpty && stream.className == nil)
    }
}
