import Synchronization

/// What wakes a worker up.
enum Wake: Hashable, Sendable {
    /// The cluster's records may be others, or it is time to look at them again.
    case changed
    /// All peers are connected, or have had their time.
    case connected
    /// It is time to show the numbers.
    case beat
    /// It is time to see whether anything is under way still.
    case quietCheck
    case stop
    /// It was asked to stop long enough ago.
    case stopNow
}

/// Reasons to look up, each kept until it is taken, however many come: none is lost and none piles up.
final class WakeBox: Sendable {
    private let wakes = Mutex<Set<Wake>>([])
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() { (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// Any thread.
    func add(_ wake: Wake) {
        wakes.withLock { _ = $0.insert(wake) }
        signal.yield()
    }

    /// Adds it after a pause; a reason that comes when nobody looks any more does nothing.
    func add(_ wake: Wake, after pause: Duration) {
        Task {
            // Nobody cancels it.
            try? await Task.sleep(for: pause)
            add(wake)
        }
    }

    /// Suspends until there are reasons, and takes them. One consumer.
    /// - Returns: nothing when the task is cancelled.
    func next() async -> Set<Wake> {
        for await _ in signals {
            let taken = wakes.withLock { wakes in
                defer { wakes = [] }
                return wakes
            }
            if !taken.isEmpty { return taken }
        }
        return []
    }
}
