import NIOCore
import Synchronization

/// Lets async code wait until connections have changed. Any thread.
final class ChangeGate: Sendable {
    private let waiting = Mutex<[EventLoopPromise<Bool>]>([])

    /// Wakes all who wait.
    func changed() {
        let promises = waiting.withLock { list in
            defer { list.removeAll() }
            return list
        }
        for promise in promises { promise.succeed(true) }
    }

    /// Waits until `condition` holds, which is looked at after every change.
    /// - Returns: whether it holds; false when `deadline` came first.
    func wait(
        on eventLoop: any EventLoop, until deadline: NIODeadline, _ condition: @Sendable () -> Bool
    ) async -> Bool {
        while !condition() {
            let promise = eventLoop.makePromise(of: Bool.self)
            waiting.withLock { $0.append(promise) }
            // A change between the look above and the line above must not be missed.
            if condition() { promise.succeed(true) }
            let timer = eventLoop.scheduleTask(deadline: deadline) { promise.succeed(false) }
            // The promise is never failed; a failure would count as a timeout.
            let changed = (try? await promise.futureResult.get()) ?? false
            timer.cancel()
            if !changed { return condition() }
        }
        return true
    }
}
