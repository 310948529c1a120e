/// A one-shot watch, set by the read that returned it: it misses nothing after that read.
///
/// Ends with the first event, the session's end, the client's close, or `cancel`. A watch that is let go of without
/// being waited for removes itself.
///
/// ```swift
/// let (node, watch) = try await client.getAndWatch("/config")
/// switch await watch.outcome() { case .dataChanged: …; case .sessionLost: …; default: … }
/// ```
public final class NodeWatch: Sendable {
    /// The node, relative to the client's chroot.
    public let path: String
    let waiter: WatchWaiter
    private let result: Once<WatchOutcome>

    init(path: String) {
        let result = Once<WatchOutcome>()
        self.path = path
        self.result = result
        self.waiter = WatchWaiter { result.set($0) }
    }

    deinit { waiter.cancel() }

    /// Waits for the end of the watch; returns at once when it has ended. Cancelling the waiting task ends only that
    /// wait, with `cancelled`; the watch stays.
    public func outcome() async -> WatchOutcome { await result.value(cancelled: .cancelled) }

    /// Ends the watch, here and on the server.
    public func cancel() { waiter.cancel() }
}
