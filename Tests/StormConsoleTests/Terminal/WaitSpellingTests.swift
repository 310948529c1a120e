import StormConsole
import Testing

@Suite struct WaitSpellingTests {
    private func normalized(_ text: String) -> String {
        WaitSpelling.normalized(text.split(separator: " ").map(String.init)).joined(separator: " ")
    }

    @Test(arguments: [
        ("kill wc --wait 30", "kill wc -w 30"), ("rebalance wc --wait=30 -n 2", "rebalance wc -w 30 -n 2"),
        ("kill --wait 0 wc", "kill -w 0 wc"), ("rebalance wc --wait 5 --wait", "rebalance wc -w 5 --wait"),
        ("kill wc --wait=x", "kill wc -w x"),
    ])
    func stormsNumberGoesToItsShortOption(typed: String, meant: String) { #expect(normalized(typed) == meant) }

    @Test(arguments: [
        "kill wc --wait", "kill --wait wc", "kill wc --wait --timeout 30", "kill wc -w 30 --wait", "kill wc --wait -5",
        "jar --wait 30 wc", "activate wc --wait", "kill -- --wait 30", "list",
    ])
    func everythingElseStays(typed: String) { #expect(normalized(typed) == typed) }
}
