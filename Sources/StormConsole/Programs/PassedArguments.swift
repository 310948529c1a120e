/// Arguments of `storm jar` and `storm local` after the program: those of the program, with storm's own `-c key=value`
/// and `--config FILE` among them, as with Storm's launcher.
package struct PassedArguments: Equatable, Sendable {
    /// What the program gets.
    package private(set) var program: [String] = []
    package private(set) var settings: [String] = []
    package private(set) var configFile: String?

    /// Everything after `--` is the program's, `-c` included.
    /// - Throws: an option of storm's without its value.
    package init(_ arguments: [String]) throws(CommandFailure) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--":
                program += rest
                return
            case "-c":
                guard let value = rest.popFirst() else { throw Self.missing("-c key=value") }
                settings.append(value)
            case "--config":
                guard let value = rest.popFirst() else { throw Self.missing("--config FILE") }
                configFile = value
            case _ where argument.hasPrefix("--config="):
                configFile = String(argument.dropFirst("--config=".count))
            default:
                program.append(argument)
            }
        }
    }

    private static func missing(_ option: String) -> CommandFailure {
        .usage(
            "\(option): the value is missing; write -- before the program's arguments if the option is the program's")
    }
}
