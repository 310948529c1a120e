import Glibc
import Synchronization

/// The last line of standard error on a terminal, written over and over: how far something is. Without a terminal nothing
/// is ever shown. Any thread.
package final class LiveLine: Sendable {
    private struct State {
        var lastShown: ContinuousClock.Instant?
        var isVisible = false
    }

    private let isOn: Bool
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let start = ContinuousClock.now
    /// Often enough to look alive.
    private static let interval = Duration.milliseconds(100)

    /// - Parameters:
    ///   - isOn: whether the other end is a terminal.
    ///   - write: takes texts without line ends.
    package init(isOn: Bool, write: @escaping @Sendable (String) -> Void) {
        self.isOn = isOn
        self.write = write
    }

    /// Standard error, when that is a terminal.
    package static func standardError() -> LiveLine {
        LiveLine(isOn: isatty(STDERR_FILENO) == 1) { text in
            // The line is an ornament: what cannot be shown is left out.
            _ = text.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
        }
    }

    /// Shows the line, unless another one was shown a moment ago.
    /// - Parameter text: makes the line from the time since the beginning.
    package func show(_ text: (_ elapsed: Duration) -> String) {
        guard isOn else { return }
        let now = ContinuousClock.now
        let isDue = state.withLock { state in
            if let last = state.lastShown, now - last < Self.interval { return false }
            state.lastShown = now
            state.isVisible = true
            return true
        }
        if isDue { write("\r\u{1B}[K" + text(now - start)) }
    }

    /// Takes the line away, so that what is printed next begins on a clean one.
    package func clear() {
        let wasVisible = state.withLock { state in
            defer { state = State() }
            return state.isVisible
        }
        if wasVisible { write("\r\u{1B}[K") }
    }
}
