import StormCore
import Testing

@Suite struct PercentTextTests {
    @Test(arguments: [
        ("", ""), ("a", "a"), ("%41%6d%6D", "Amm"), ("a+b", "a+b"), ("%", "%"), ("%4", "%4"), ("%zz", "%zz"),
        ("%+1", "%+1"), ("%-1", "%-1"), ("% 1", "% 1"), ("%%41", "%A"), ("%2541", "%41"), ("%C3%A9", "é"),
    ])
    func codesAreDecodedAndWhatIsNoneStandsForItself(text: String, wanted: String) {
        #expect(PercentText.decoded(text.utf8) == wanted)
    }

    @Test func aPlusIsASpaceInQueriesAlone() {
        #expect(PercentText.decoded("a+b%2B".utf8, plusIsSpace: true) == "a b+")
    }

    @Test func whatIsNotUTF8IsReplaced() { #expect(PercentText.decoded("a%FF".utf8) == "a\u{FFFD}") }
}
