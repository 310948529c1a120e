/// Options before the command: `storm --config FILE -c key=value list` means `storm list --config FILE -c key=value`.
package enum LeadingOptions {
    /// `arguments` with leading `--config` and `-c` moved behind the command; unchanged when no command follows.
    package static func moved(_ arguments: [String]) -> [String] {
        var leading: [String] = []
        var rest = arguments[...]
        while let first = rest.first {
            if first == "--config" || first == "-c" {
                guard rest.count > 1 else { return arguments }
                leading += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if first.hasPrefix("--config=") {
                leading.append(first)
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        guard let command = rest.first, !command.hasPrefix("-") else { return arguments }
        return [command] + leading + rest.dropFirst()
    }
}
