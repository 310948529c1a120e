import Synchronization

/// Shows on standard error what a command waits for: on a terminal as one line that changes, elsewhere as a line for each
/// change, at most one in two seconds.
package final class WaitChatter: Sendable {
    private let line: LiveLine
    private let isTerminal: Bool
    private let write: @Sendable (String) -> Void
    private let last = Mutex<(text: String, time: ContinuousClock.Instant)?>(nil)
    private static let interval = Duration.seconds(2)

    /// - Parameter write: takes whole lines.
    package init(isTerminal: Bool, line: LiveLine, write: @escaping @Sendable (String) -> Void) {
        self.isTerminal = isTerminal
        self.line = line
        self.write = write
    }

    package func show(_ text: String) {
        if isTerminal {
            return line.show { elapsed in "storm: waiting, \(elapsed.components.seconds) s: \(text)" }
        }
        let now = ContinuousClock.now
        let isNews = last.withLock { last in
            if let last, last.text == text || now - last.time < Self.interval { return false }
            last = (text, now)
            return true
        }
        if isNews { write("storm: waiting: \(text)") }
    }

    package func end() { line.clear() }
}
