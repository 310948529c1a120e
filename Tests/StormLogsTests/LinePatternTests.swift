import StormLogs
import Testing

@Suite struct LinePatternTests {
    @Test(arguments: [
        ("lost", "2 lost", true), ("a.c", "abc", false), ("/a.c/", "abc", true), ("/^x|y$/", "ay", true),
        ("/[0-9]+ ms/", "took 12 ms", true), ("/[0-9]+ ms/", "took ms", false), ("/", "a/b", true),
        ("é", "caf\u{e9}", true),
        ("x", "", false),
    ])
    func aTextIsFoundAsItIsAndAnExpressionMatches(pattern: String, line: String, matches: Bool) throws {
        #expect(try LinePattern(pattern).matches(line) == matches)
    }

    @Test(arguments: ["", "/(/", "/(a)\\1/", "/a{1,9}/", "/[/", String(repeating: "x", count: 257)])
    func whatCannotBeSearchedForIsRefused(pattern: String) {
        #expect(throws: LinePattern.Fault.self) { try LinePattern(pattern) }
    }
}
