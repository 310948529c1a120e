/// Why a command was not carried out: one line for people that says what, where and what to do, and an exit code.
package struct CommandFailure: Error, Equatable, CustomStringConvertible, Sendable {
    package let message: String
    package let exitCode: Int32

    /// The command was understood and not carried out.
    package init(_ message: String) { self.init(message, exitCode: 1) }

    /// The command line itself is wrong.
    package static func usage(_ message: String) -> CommandFailure { CommandFailure(message, exitCode: 2) }

    package init(_ message: String, exitCode: Int32) {
        self.message = message
        self.exitCode = exitCode
    }

    package var description: String { message }

    /// `storm: list: …`: the line on standard error. Line ends inside the text become `; `.
    package func line(command: String) -> String {
        let text = message.split(separator: "\n", omittingEmptySubsequences: true).joined(separator: "; ")
        return command.isEmpty ? "storm: \(text)" : "storm: \(command): \(text)"
    }
}
