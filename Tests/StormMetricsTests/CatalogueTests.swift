import FoundationEssentials
import StormMetrics
import StormTestSupport
import Testing

@Suite struct CatalogueTests {
    @Test func noMetricIsDeclaredTwice() {
        let names = MetricCatalogue.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: MetricCatalogue.all)
    func namesFollowTheRules(_ metric: Metric) {
        #expect(ExpositionParser.isName(metric.name), "\(metric.name)")
        #expect(metric.name.hasPrefix("storm_") || metric.name.hasPrefix("process_"), "\(metric.name)")
        #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"), "\(metric.name)")
        for unit in ["_ms", "_millis", "_minutes", "_kilobytes", "_mb"] {
            #expect(!metric.name.contains(unit), "\(metric.name) is not in base units")
        }
        for suffix in ["_bucket", "_sum", "_count"] { #expect(!metric.name.hasSuffix(suffix), "\(metric.name)") }
        #expect(metric.labels.allSatisfy { ExpositionParser.isName($0) && $0 != "le" && !$0.hasPrefix("__") })
        #expect(metric.help.hasSuffix(".") && !metric.help.contains("\n"), "\(metric.name): \(metric.help)")
        #expect(zip(metric.bounds, metric.bounds.dropFirst()).allSatisfy(<))
        // Those of users' histograms are the user's.
        if metric.kind == .histogram, metric.name != "storm_user_histogram" { #expect(!metric.bounds.isEmpty) }
    }

    /// Write it anew with: STORM_WRITE_DOCUMENTS=1 swift test --filter CatalogueTests
    @Test func theArticleListsEveryMetricAsDeclared() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = folder.appending(path: "Sources/StormMetrics/StormMetrics.docc/Metrics.md")
        let wanted = MetricCatalogue.article
        if ProcessInfo.processInfo.environment["STORM_WRITE_DOCUMENTS"] != nil {
            try Data(wanted.utf8).write(to: file)
        }
        #expect(String(decoding: try Data(contentsOf: file), as: UTF8.self) == wanted)
    }
}
