import StormConsole
import StormCore
import Testing

@Suite struct LogOptionTests {
    @Test(arguments: [
        ("split=DEBUG", LogLevelSetting(logger: "split", level: .debug)),
        ("root=warn:30", LogLevelSetting(logger: "ROOT", level: .warning, seconds: 30)),
        ("a.b=OFF:0", LogLevelSetting(logger: "a.b", level: .off)),
        ("a=b=INFO", LogLevelSetting(logger: "a=b", level: .info)),
    ])
    func aSettingIsALoggerALevelAndATime(text: String, setting: LogLevelSetting) throws {
        #expect(try LogLevelSetting(set: text) == setting)
    }

    @Test(arguments: ["split", "=DEBUG", "split=", "split=LOUD", "split=INFO:", "split=INFO:-1", "split=INFO:1:2"])
    func otherSettingsAreFaultsOfTheCommandLine(text: String) {
        let failure = #expect(throws: CommandFailure.self) { try LogLevelSetting(set: text) }
        #expect(failure?.exitCode == 2)
    }

    @Test(
        arguments: [
            ("90s", 910_000), ("10m", 400_000), ("0s", 1_000_000), ("1970-01-01", 0), ("1970-01-01T00:00:02.5Z", 2500),
        ] as [(String, Int64)])
    func sinceIsASpanOrAMoment(text: String, milliseconds: Int64) throws {
        #expect(try SinceText.parse(text, now: 1_000_000) == milliseconds)
    }

    @Test(arguments: ["", "m", "10", "-5m", "10y", "yesterday", "99999999999999999999s"])
    func otherTimesAreFaultsOfTheCommandLine(text: String) {
        let failure = #expect(throws: CommandFailure.self) { try SinceText.parse(text, now: 0) }
        #expect(failure?.exitCode == 2)
    }
}
