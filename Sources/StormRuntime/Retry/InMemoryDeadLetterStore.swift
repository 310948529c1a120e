import Synchronization

/// Dead letters of one process: for local runs and tests. They end with it.
package final class InMemoryDeadLetterStore: DeadLetterStore, DeadLetterSink {
    private let letters = Mutex<[String: DeadLetter]>([:])
    private let lettersMax: Int
    private let onKept: @Sendable (DeadLetter) -> Void

    /// - Parameter onKept: told of each letter; on the thread that brought it.
    package init(lettersMax: Int = 1000, onKept: @escaping @Sendable (DeadLetter) -> Void = { _ in }) {
        self.lettersMax = lettersMax
        self.onKept = onKept
    }

    /// The oldest first.
    package var all: [DeadLetter] {
        letters.withLock { $0.values.sorted { ($0.timeMilliseconds, $0.id) < ($1.timeMilliseconds, $1.id) } }
    }

    package func put(_ letter: DeadLetter) throws(DeadLetterError) {
        let isKept = letters.withLock { letters in
            guard letters.count < lettersMax || letters[letter.id] != nil else { return false }
            letters[letter.id] = letter
            return true
        }
        if !isKept {
            throw DeadLetterError(.full, "there are \(lettersMax) dead letters already (topology.dead.letters.max)")
        }
        onKept(letter)
    }

    /// Calls `done` before it returns: what runs on a simulated clock stays repeatable.
    package func add(_ letter: DeadLetter, _ done: @escaping @Sendable (Result<Void, DeadLetterError>) -> Void) {
        do throws(DeadLetterError) {
            try put(letter)
        } catch {
            return done(.failure(error))
        }
        done(.success(()))
    }

    package func add(_ letter: DeadLetter) async throws { try put(letter) }
    package func list() async throws -> [DeadLetter] { all }
    package func get(_ id: String) async throws -> DeadLetter? { letters.withLock { $0[id] } }
    package func remove(_ id: String) async throws { drop(id) }
    package func drop(_ id: String) { letters.withLock { _ = $0.removeValue(forKey: id) } }
}
