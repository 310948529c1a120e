/// Storm's `--wait N` of `kill` and `rebalance` (the long form of `-w N`) beside our `--wait`, which takes no number and
/// waits until all is done. Pure.
package enum WaitSpelling {
    private static let commands: Set<String> = ["kill", "rebalance"]

    /// `arguments` with Storm's spelling turned into `-w N`; a `--wait` without a whole number behind it stays. For other
    /// commands, and after `--`, nothing changes.
    package static func normalized(_ arguments: [String]) -> [String] {
        guard let command = arguments.first, commands.contains(command) else { return arguments }
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return result + [argument] + rest }
            if argument == "--wait", let next = rest.first, isWholeNumber(next) {
                result += ["-w", next]
                rest = rest.dropFirst()
            } else if argument.hasPrefix("--wait=") {
                result += ["-w", String(argument.dropFirst("--wait=".count))]
            } else {
                result.append(argument)
            }
        }
        return result
    }

    private static func isWholeNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
