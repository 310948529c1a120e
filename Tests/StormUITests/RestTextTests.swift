import Testing

@testable import StormUI

@Suite struct RestTextTests {
    @Test(arguments: [
        (0, "0s"), (59, "59s"), (60, "1m 0s"), (3_661, "1h 1m 1s"), (93_784, "1d 2h 3m 4s"), (-5, "0s"),
    ])
    func uptimeBeginsWithTheGreatestUnit(seconds: Int, text: String) {
        #expect(RestText.uptime(seconds) == text)
    }

    @Test(arguments: [
        (0.0, "0.000"), (0.0004, "0.000"), (0.0006, "0.001"), (1.5, "1.500"), (12.3456, "12.346"), (-0.25, "-0.250"),
        (999.9996, "1000.000"),
    ])
    func numbersHaveThreeDecimals(value: Double, text: String) {
        #expect(RestText.decimal(value) == text)
    }

    @Test func numbersThatAreNoneAreZero() {
        #expect(RestText.decimal(nil) == "0" && RestText.decimal(.nan) == "0" && RestText.decimal(.infinity) == "0")
    }

    @Test(arguments: [("600", "10m 0s"), ("10800", "3h 0m 0s"), ("86400", "1d 0h 0m 0s"), (":all-time", "All time")])
    func windowsHaveStormsNames(window: String, text: String) {
        #expect(RestText.window(window) == text)
    }

    @Test func idsInLinksAreEncoded() {
        #expect(RestText.encoded("a b/[1-1]é") == "a%20b%2F%5B1-1%5D%C3%A9")
        #expect(RestText.decoded("a%20b%2F%5B1%") == "a b/[1%")
    }

    @Test(arguments: [("f", true), ("a.b_c.$d1", true), ("", false), ("1a", false), ("a.", false), ("a(b", false)])
    func onlyNamesOfFunctionsAreCallbacks(name: String, isOne: Bool) {
        #expect(RestAnswer.isFunction(name) == isOne)
        #expect(!RestAnswer.isFunction(String(repeating: "a", count: 129)))
    }
}
