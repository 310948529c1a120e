import Synchronization

/// Numbers the submits of this process from 1; part of topology ids.
final class SubmissionCounter: Sendable {
    private let last = Mutex(0)

    func next() -> Int {
        last.withLock {
            $0 += 1
            return $0
        }
    }
}
