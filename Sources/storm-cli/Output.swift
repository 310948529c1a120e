import Glibc
import StormConsole
import StormDaemon
import StormProcess
import Synchronization

/// Standard output and standard error, a line at a time and never held back.
enum Output {
    private static let isLost = Atomic<Bool>(false)

    /// Whether something that was to be printed is not where it should be: the command has then not been carried out.
    static var isIncomplete: Bool { isLost.load(ordering: .relaxed) }

    /// A reader that has gone away has seen what it wanted; every other fault is told, once.
    @Sendable static func line(_ text: String) {
        guard DescriptorSink.writeAll(text + "\n", to: STDOUT_FILENO) == nil else { return }
        let code = errno
        guard code != EPIPE, !isLost.exchange(true, ordering: .relaxed) else { return }
        errorLine("storm: cannot write the output: \(String(cString: strerror(code)))")
    }

    @Sendable static func errorLine(_ text: String) { DescriptorSink.standardError.write(text + "\n") }

    /// For standard output.
    static var painter: Painter {
        Painter(isTerminal: isatty(STDOUT_FILENO) == 1, environment: ExecutableSearch.environment())
    }
}

/// Prints at once, also into a pipe.
@Sendable func say(_ line: String) { Output.line(line) }

/// For commands that print a document in the end instead.
@Sendable func sayNothing(_ line: String) {}
