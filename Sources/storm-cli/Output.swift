import Glibc
import StormConsole
import StormDaemon
import StormProcess

/// Standard output and standard error, a line at a time and never held back.
enum Output {
    private static let sink = DescriptorSink(descriptor: 1)

    @Sendable static func line(_ text: String) { sink.write(text + "\n") }

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
