import Glibc
import StormCore
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

    @Test(arguments: [
        "", "/(/", "/)/", "/(a)\\1/", "/a{1,9}/", "/[/", "/[b-a]/", "/[[:no:]]/", "/[[:digit/", "/*/", "/a|+b/", "/\\/",
        "/(a)\u{600}\\1/", "/a\u{600}{255}/", String(repeating: "x", count: 257),
    ])
    func whatCannotBeSearchedForIsRefused(pattern: String) {
        #expect(throws: LinePattern.Fault.self) { try LinePattern(pattern) }
    }

    /// Each of them took glibc's `regcomp` and `regexec` gigabytes, or minutes.
    @Test(arguments: [
        "/a" + String(repeating: "+", count: 200) + "~/",
        "/" + String(repeating: "(", count: 30) + "a" + String(repeating: "+)", count: 30) + "~/",
        "/a.*~/", "/(a|b)*a" + String(repeating: ".", count: 230) + "~/", "/(a*)*(a*)*(a|aa)*~/",
    ])
    func noExpressionTakesLongForALine(pattern: String) throws {
        let pattern = try LinePattern(pattern)
        let line = String(repeating: "a", count: 16 << 10)
        #expect(!pattern.matches(line))
        #expect(pattern.matches(line + "~"))
    }

    @Test(arguments: [
        ("/^$/", "", true), ("/^$/", "a", false), ("/a+?b/", "b", true), ("/^(ab|cd)*$/", "abcdab", true),
        ("/^(ab|cd)*$/", "abcda", false), ("/^(a+b)+$/", "aabab", true), ("/^(a+b)+$/", "aaba", false),
        ("/a|b|/", "", true), ("/x()y/", "xy", true), ("/[]a]b/", "]b", true), ("/[^]a]b/", "]b", false),
        ("/[a-]$/", "-", true), ("/^[[:upper:]_-]+$/", "A_-B", true),
        ("/\\bid\\b/", "the id is", true), ("/\\bid\\b/", "idle", false), ("/^\\d\\D\\s\\S\\w\\W$/", "1a bc!", true),
        ("/a\\.b/", "axb", false), ("/a\\.b/", "a.b", true), ("/\\{x\\}/", "{x}", true), ("/^.$/", "ä", true),
        ("/[ä-ü]/", "ö", true), ("/b$/", "ab", true), ("/b$/", "ba", false), ("/a\tb/", "a\tb", true),
    ])
    func anExpressionMeansWhatItMeansElsewhere(pattern: String, line: String, matches: Bool) throws {
        #expect(try LinePattern(pattern).matches(line) == matches)
    }

    /// Against the one of the C library, with expressions and lines from a seed.
    @Test func anExpressionMatchesWhatTheSystemsDoes() throws {
        var random = FastRandom(seed: 7)
        for _ in 0..<4000 {
            let expression = Self.expression(&random, depth: 3)
            let line = Self.letters(&random, upTo: 8)
            var compiled = regex_t()
            try #require(regcomp(&compiled, expression, REG_EXTENDED | REG_NOSUB) == 0)
            defer { regfree(&compiled) }
            let expected = regexec(&compiled, line, 0, nil, 0) == 0
            #expect(try LinePattern("/\(expression)/").matches(line) == expected, "/\(expression)/ \(line)")
        }
    }

    private static func letters(_ random: inout FastRandom, upTo count: Int) -> String {
        String((0..<Int.random(in: 0...count, using: &random)).map { _ in "abc".randomElement(using: &random)! })
    }

    private static func expression(_ random: inout FastRandom, depth: Int) -> String {
        guard depth > 0 else { return ["a", "b", "c", ".", "[ab]", "[^b]"].randomElement(using: &random)! }
        let one = expression(&random, depth: depth - 1)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return "(\(one)|\(expression(&random, depth: depth - 1)))"
        case 1: return "(\(one))*"
        case 2: return "(\(one))+"
        case 3: return "(\(one))?"
        case 4: return depth == 3 ? "^\(one)$" : one
        default: return one + expression(&random, depth: depth - 1)
        }
    }
}
