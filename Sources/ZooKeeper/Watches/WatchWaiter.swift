import Synchronization

/// What ended a one-shot watch.
public enum WatchOutcome: Hashable, Sendable {
    /// The node was made, its data changed, it was deleted, or its list of children changed: look again.
    case created, dataChanged, deleted, childrenChanged
    /// The session ended; the watch with it. What is wanted has to be read and watched again.
    case sessionLost
    /// The client was closed.
    case closed
    /// The watch was cancelled, or the task that waited for it.
    case cancelled
}

/// The inner half of a watch: a handler that is called once at most.
///
/// The handler runs on the library's callback thread or on the thread that ends the session: it may take note and wake
/// somebody, no more.
final class WatchWaiter: Sendable {
    private enum Place {
        case registering
        case registered(WatchKey, NativeHandle)
        case ended
    }

    private let place = Mutex(Place.registering)
    private let handler: @Sendable (WatchOutcome) -> Void

    init(_ handler: @escaping @Sendable (WatchOutcome) -> Void) { self.handler = handler }

    /// The watch is set on `handle`; `false` when it has ended meanwhile.
    func registered(_ key: WatchKey, on handle: NativeHandle) -> Bool {
        place.withLock { place in
            guard case .registering = place else { return false }
            place = .registered(key, handle)
            return true
        }
    }

    func fire(_ outcome: WatchOutcome) {
        let isFirst = place.withLock { place in
            if case .ended = place { return false }
            place = .ended
            return true
        }
        if isFirst { handler(outcome) }
    }

    /// Ends the watch here and, when nobody else waits for the same one, on the server.
    func cancel() {
        let old = place.withLock { place in
            defer { place = .ended }
            return place
        }
        switch old {
        case .ended: return
        case .registering: break
        case .registered(let key, let handle): handle.cancelWatch(key, self)
        }
        handler(.cancelled)
    }
}
