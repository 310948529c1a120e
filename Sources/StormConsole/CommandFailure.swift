import StormThrift

/// Why a command was not carried out: one line for people that says what, where and what to do, and an exit code.
package struct CommandFailure: Error, Equatable, CustomStringConvertible, Sendable {
    package let message: String
    /// Of the table `CommandExit`; a daemon's own code otherwise.
    package let exitCode: Int32

    /// The command was understood and not carried out.
    package init(_ message: String) { self.init(message, .notDone) }

    /// The command line itself is wrong.
    package static func usage(_ message: String) -> CommandFailure { CommandFailure(message, .usage) }

    /// Nimbus, ZooKeeper or a worker does not answer.
    package static func unreachable(_ message: String) -> CommandFailure { CommandFailure(message, .unreachable) }

    package init(_ message: String, _ code: CommandExit) { self.init(message, exitCode: code.rawValue) }

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

extension CommandFailure {
    /// What came of a call of a nimbus.
    /// - Parameter what: what the call was about; begins the message.
    package static func nimbus(_ error: any Error, about what: String = "") -> CommandFailure {
        if let failure = error as? CommandFailure { return failure }
        let text = NimbusErrorText.text(error)
        return CommandFailure(what.isEmpty ? text : "\(what): \(text)", code(error))
    }

    private static func code(_ error: any Error) -> CommandExit {
        switch error {
        case let error as ThriftError where error.isRetriable: .unreachable
        case let error as ThriftApplicationException where error.isNotLeader: .unreachable
        case is CancellationError: .interrupted
        default: .notDone
        }
    }
}
