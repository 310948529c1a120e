import StormConsole
import Testing

@Suite struct AgeTests {
    @Test(arguments: [
        (Int64(0), "0 s"), (999, "0 s"), (119_000, "119 s"), (120_000, "2 min"), (7_200_000, "2 h 0 min"),
        (12_000_000, "3 h 20 min"), (200_000_000, "2 d 7 h"), (-5000, "-5 s"),
    ])
    func agesAreShort(_ milliseconds: Int64, _ text: String) { #expect(Age.text(milliseconds: milliseconds) == text) }

    @Test func timesAreSaidFromNow() {
        #expect(Age.since(1000, now: 13_000) == "12 s ago")
        #expect(Age.since(20_000, now: 13_000) == "in 7 s")
        // Two clocks are never quite equal.
        #expect(Age.since(13_900, now: 13_000) == "0 s ago")
        #expect(Age.clock(1_763_700_000_123) == "04:40:00.123")
    }

    @Test(arguments: [
        (512, "512 B"), (1024, "1.0 KiB"), (20 << 20, "20 MiB"), (999, "999 B"), (3 << 30, "3.0 GiB"),
    ])
    func sizes(_ bytes: Int, _ text: String) { #expect(Age.size(bytes) == text) }

    @Test(arguments: [
        (0.0, "0"), (0.5, "0.50"), (7.25, "7.3"), (815.2, "815"), (12_400, "12.4k"), (3_100_000, "3.1M"),
    ])
    func shortNumbers(_ value: Double, _ text: String) { #expect(Decimals.short(value) == text) }

    @Test func decimalsAreFixed() {
        #expect(Decimals.text(1.0 / 3, 3) == "0.333" && Decimals.text(-0.06, 1) == "-0.1")
        #expect(Decimals.text(-0.001, 1) == "0.0" && Decimals.text(.nan, 2) == "-" && Decimals.text(9.99, 0) == "10")
    }
}
