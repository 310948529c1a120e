package import Logging

/// Takes dead letters from executors and writes them to a store, one after the other and not faster than the store's
/// write budget allows.
///
/// Bounded: with `capacity` letters waiting the next is refused, and its message stays in retry.
package final class DeadLetterDesk: DeadLetterSink {
    package static let capacity = 256

    private struct Item: Sendable {
        let letter: DeadLetter
        let done: @Sendable (Result<Void, DeadLetterError>) -> Void
    }

    private let store: any DeadLetterStore
    private let pause: Duration
    private let logger: Logger
    private let items: AsyncStream<Item>
    private let feed: AsyncStream<Item>.Continuation

    /// - Parameter pause: between two writes; the default spends at most 20 writes a second.
    package init(_ store: any DeadLetterStore, pause: Duration = .milliseconds(50), logger: Logger) {
        self.store = store
        self.pause = pause
        self.logger = logger
        (items, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.capacity))
    }

    package func add(_ letter: DeadLetter, _ done: @escaping @Sendable (Result<Void, DeadLetterError>) -> Void) {
        switch feed.yield(Item(letter: letter, done: done)) {
        case .enqueued: break
        case .terminated: done(.failure(DeadLetterError(.unavailable, "the worker is stopping")))
        default:
            done(.failure(DeadLetterError(.busy, "more than \(Self.capacity) dead letters wait to be written")))
        }
    }

    /// Writes until `finish`; what waits then is written first.
    package func run() async {
        for await item in items {
            let result = await write(item.letter)
            item.done(result)
            // Cancelled: the rest goes out without a pause.
            try? await Task.sleep(for: pause)
        }
    }

    package func finish() { feed.finish() }

    private func write(_ letter: DeadLetter) async -> Result<Void, DeadLetterError> {
        do {
            try await store.add(letter)
            logger.warning(
                "message \(letter.messageID) of \(letter.component) is a dead letter after \(letter.attempts) attempts",
                metadata: ["letter": "\(letter.id)", "task.id": "\(letter.task)"])
            return .success(())
        } catch let error as DeadLetterError {
            return .failure(error)
        } catch {
            return .failure(DeadLetterError(.unavailable, "\(error)"))
        }
    }
}
