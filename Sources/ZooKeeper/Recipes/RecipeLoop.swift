import Synchronization

/// The engine of a recipe: runs a step, again whenever it is woken, and after a growing wait when it fails.
///
/// Steps never overlap. Wake-ups coalesce, and one that comes before `start` counts. The step should hold its owner
/// weakly; the loop ends when it is cancelled or the step says so.
final class RecipeLoop: Sendable {
    enum Outcome: Sendable {
        /// Nothing to do until the next wake-up.
        case rest
        /// Once more, at once.
        case again
        /// Once more, after a wait.
        case failed
        case end
    }

    private let wakeUps: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let task = Mutex<Task<Void, Never>?>(nil)
    private let backoff: Backoff

    init(backoff: Backoff = Backoff(first: .milliseconds(50), max: .seconds(5))) {
        self.backoff = backoff
        (wakeUps, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Runs the first step and then waits for wake-ups. Called once.
    func start(_ step: @escaping @Sendable () async -> Outcome) {
        wake()
        let started = Task { [wakeUps, backoff] in
            for await _ in wakeUps {
                if await Self.runSteps(backoff, step) == .end { return }
            }
        }
        task.withLock { $0 = started }
    }

    private static func runSteps(_ backoff: Backoff, _ step: @Sendable () async -> Outcome) async -> Outcome {
        var failures = 0
        while !Task.isCancelled {
            switch await step() {
            case .rest: return .rest
            case .end: return .end
            case .again: failures = 0
            case .failed:
                // Ends early only by cancellation, which the loop looks at next.
                try? await Task.sleep(for: backoff.delay(attempt: failures, random: .random(in: 0..<1)))
                failures += 1
            }
        }
        return .end
    }

    /// Makes the step run (once more). From any thread.
    func wake() { signal.yield(()) }

    func cancel() {
        task.withLock { $0 }?.cancel()
        signal.finish()
    }

    /// Waits until no step runs any more, after `cancel`.
    func finished() async { await task.withLock { $0 }?.value }
}
