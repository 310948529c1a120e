import StormLogs
import Testing

@Suite struct LogLineParserTests {
    private let time: Int64 = 1_795_223_278_123  // 2026-11-21T01:07:58.123Z

    @Test func aTextLineGivesItsParts() throws {
        let record = try #require(
            LogLineParser.parse(
                "2026-11-21T01:07:58.123Z INFO  worker: done  with it  component.id=split count=4 "
                    + "reason=\"two \\\"words\\\"\" task.id=3 topology.id=wc-1-17 worker=h:6700"))
        #expect(record.timeMilliseconds == time)
        #expect(record.level == "info" && record.logger == "worker" && record.message == "done  with it")
        #expect(record.component == "split" && record.task == "3")
        #expect(record.metadata == ["count": "4", "reason": "two \"words\""])
    }

    @Test func aJSONLineGivesItsParts() throws {
        let record = try #require(
            LogLineParser.parse(
                #"{"time":"2026-11-21T01:07:58.123Z","level":"warning","logger":"a.b","message":"x\ny","task.id":"3","k":"v"}"#
            ))
        #expect(record.timeMilliseconds == time)
        #expect(record.level == "warning" && record.logger == "a.b" && record.message == "x\ny")
        #expect(record.task == "3" && record.component == nil && record.metadata == ["k": "v"])
    }

    @Test func aMessageWithoutMetadataKeepsEverything() throws {
        let record = try #require(LogLineParser.parse("2026-11-21T01:07:58.123Z WARN  a: x: y  z=1 and more"))
        #expect(record.message == "x: y  z=1 and more" && record.metadata == nil && record.level == "warning")
    }

    @Test(arguments: [
        "", "hello", "{}", "{\"time\":1}", "2026-11-21T01:07:58.123Z", "2026-11-21T01:07:58.123Z INFO",
        "2026-11-21T01:07:58.123Z LOUD x: y", "2026-11-21T01:07:58.123Z INFO  no label",
        "2026-13-21T01:07:58.123Z INFO a: b",
        "\tat frame 3",
    ])
    func anyOtherLineIsNone(line: String) {
        #expect(LogLineParser.parse(line) == nil)
    }

    @Test(arguments: [
        ("1970-01-01", 0), ("2000-02-29T23:59:59.999Z", 951_868_799_999),
        ("2026-12-31T23:59:59.500Z", 1_798_761_599_500),
        ("2024-03-01T00:00:00Z", 1_709_251_200_000), ("2100-03-01T00:00:00.1Z", 4_107_542_400_100),
        ("1969-12-31T23:59:59.999999999Z", -1),
    ])
    func timesAreReadInUTC(text: String, milliseconds: Int64) {
        #expect(LogInstant.parse(text) == milliseconds)
    }

    @Test(arguments: [
        "", "2026-11-21T", "2026-11-21T01:07Z", "2026-11-21T01:07:58", "2026-11-21T25:00:00Z", "2026-11-21T01:07:58.Z",
    ])
    func otherTimesAreNone(text: String) {
        #expect(LogInstant.parse(text) == nil)
    }
}
