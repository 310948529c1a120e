import StormCore
import Testing

@Suite struct TextPatternTests {
    @Test(arguments: [
        ("", "", true), ("", "abc", true), ("b", "abc", true), ("x", "abc", false), ("^b", "abc", false),
        ("^a", "abc", true), ("c$", "abc", true), ("b$", "abc", false), ("^$", "", true), ("^$", "a", false),
        ("a.c", "abc", true), ("a.c", "ac", false), ("ab*c", "ac", true), ("ab*c", "abbbc", true),
        ("ab+c", "ac", false), ("ab+c", "abbc", true), ("ab?c", "abc", true), ("ab?c", "abbc", false),
        ("cat|dog", "hotdog", true), ("^(cat|dog)s?$", "dogs", true), ("^(cat|dog)s?$", "dogss", false),
        ("(ab)+$", "xabab", true), ("[a-c]+", "xxb", true), ("^[^a-c]+$", "xyz", true), ("^[^a-c]+$", "xaz", false),
        ("[]x]", "]", true), (#"\d\d"#, "a42", true), (#"^\w+$"#, "snake_case9", true), (#"^\S+$"#, "a b", false),
        (#"1\.5"#, "1.5", true), (#"1\.5"#, "1x5", false), ("ü+", "grüün", true), ("^a|b$", "xb", true),
        ("(a*)*b", String(repeating: "a", count: 64), false), ("((x))", "x", true), ("a||b", "", true),
        (#"\bid\b"#, "the id is", true), (#"\bid\b"#, "idle", false), (#"^\b"#, "", false), (#"x\b$"#, "x", true),
        ("^[[:upper:]_]+[[:digit:]]$", "A_B1", true), ("[[:space:]]", "ab", false), ("[^[:alpha:]]", "ab", false),
        (#"[\d.]+$"#, "1.5", true),
    ])
    func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try TextPattern(pattern).matches(text) == expected)
    }

    @Test(arguments: [
        "(", ")", "a)", "[a", "*", "a{2}", #"\"#, #"(a)\1"#, "[z-a]", "a|*", "[[:no:]]", "[[:digit", "[[:digit:",
        String(repeating: "(", count: 40),
    ])
    func faultsAreNamed(_ pattern: String) {
        #expect(throws: TextPattern.Fault.self) { try TextPattern(pattern) }
    }

    @Test func aPatternHasALimit() {
        #expect(throws: TextPattern.Fault.self) { try TextPattern(String(repeating: "a", count: 257)) }
        #expect(throws: Never.self) { try TextPattern(String(repeating: "a", count: 256)) }
    }
}
