import StormMetrics
import StormTestSupport
import Testing

@Suite struct MetricTextTests {
    static let requests = Metric.counter("test_requests_total", ["method", "code"], "Requests.")
    static let size = Metric.histogram("test_size_bytes", ["kind"], bounds: [1, 10], "Sizes.")

    @Test func aSheetIsWrittenWithHelpTypeAndSortedSeries() {
        var sheet = MetricSheet()
        sheet.add(Self.requests, ["put", "200"], 2)
        sheet.add(Self.requests, ["get", "200"], 1)
        #expect(
            sheet.text() == """
                # HELP test_requests_total Requests.
                # TYPE test_requests_total counter
                test_requests_total{method="get",code="200"} 1
                test_requests_total{method="put",code="200"} 2

                """)
    }

    @Test func valuesOfOneSeriesAddUp() {
        var sheet = MetricSheet()
        sheet.add(Self.requests, ["get", "200"], 1)
        sheet.add(Self.requests, ["get", "200"], 2)
        #expect(sheet.text().hasSuffix("{method=\"get\",code=\"200\"} 3\n"))
    }

    @Test func bucketsAreCumulativeAndEndInInfinity() {
        var sheet = MetricSheet()
        sheet.add(Self.size, ["x"], Distribution(bounds: [1, 10], counts: [2, 0, 1], sum: 13.5))
        sheet.add(Self.size, ["x"], Distribution(bounds: [1, 10], counts: [0, 1, 0], sum: 5))
        #expect(
            sheet.text() == """
                # HELP test_size_bytes Sizes.
                # TYPE test_size_bytes histogram
                test_size_bytes_bucket{kind="x",le="1"} 2
                test_size_bytes_bucket{kind="x",le="10"} 3
                test_size_bytes_bucket{kind="x",le="+Inf"} 4
                test_size_bytes_sum{kind="x"} 18.5
                test_size_bytes_count{kind="x"} 4

                """)
    }

    @Test func labelsAndHelpAreEscaped() throws {
        let odd = Metric.gauge("test_odd", ["name"], "A \\ and\na line.")
        var sheet = MetricSheet()
        sheet.add(odd, ["a\"b\\c\nd"], 1.5)
        #expect(sheet.text().hasPrefix("# HELP test_odd A \\\\ and\\na line.\n"))
        #expect(sheet.text().contains("test_odd{name=\"a\\\"b\\\\c\\nd\"} 1.5\n"))
        let page = try ExpositionParser.parse(sheet.text())
        #expect(page.value("test_odd", ["name": "a\"b\\c\nd"]) == 1.5)
    }

    @Test(arguments: [
        (0.0, "0"), (3, "3"), (-2, "-2"), (0.00025, "0.00025"), (1e20, "1e+20"), (.infinity, "+Inf"),
        (-.infinity, "-Inf"), (.nan, "NaN"),
    ])
    func numbersAreWrittenAsTheFormatWantsThem(_ value: Double, _ text: String) {
        var sheet = MetricSheet()
        sheet.add(Metric.gauge("test_number", "A number."), [], value)
        #expect(sheet.text().hasSuffix("test_number \(text)\n"))
    }

    @Test func aDistributionCountsEachValueInItsBucket() {
        var distribution = Distribution(bounds: [1, 10])
        for value in [0.5, 1, 1.1, 10, 11] { distribution.add(value) }
        #expect(distribution.counts == [2, 2, 1] && distribution.count == 5 && distribution.sum == 23.6)
    }
}
