import Synchronization

/// Whether this nimbus acts as the leader: it won the election *and* was found fit for it.
///
/// Turned off the moment the election says so; every leader-only call asks. A write that slips through after that
/// replaces exactly what was read before and so harms nobody.
package final class Leadership: Sendable {
    private let acting = Mutex(false)

    package init() {}

    package var isActing: Bool { acting.withLock { $0 } }

    /// - Returns: whether that is a change.
    @discardableResult
    package func set(_ isActing: Bool) -> Bool {
        acting.withLock { current in
            defer { current = isActing }
            return current != isActing
        }
    }
}

/// Wakes whoever waits for work; any number of calls before it looks count as one.
package struct Kick: Sendable {
    package let events: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (events, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    package func callAsFunction() { continuation.yield() }
    package func finish() { continuation.finish() }
}
