/// Where dead letters are kept. Bounded: when it is full `add` fails and nothing is dropped.
package protocol DeadLetterStore: Sendable {
    /// Keeps a letter, in place of one with the same id.
    /// - Throws: `DeadLetterError`.
    func add(_ letter: DeadLetter) async throws
    /// All letters, the oldest first.
    func list() async throws -> [DeadLetter]
    func get(_ id: String) async throws -> DeadLetter?
    /// Nothing there is fine.
    func remove(_ id: String) async throws
}

/// Takes dead letters from executors, which cannot wait.
package protocol DeadLetterSink: Sendable {
    /// Never blocks. Any thread.
    /// - Parameter done: called exactly once, on any thread, perhaps before this returns: the letter is kept, or it is not
    ///   and the message stays with the spout's task.
    func add(_ letter: DeadLetter, _ done: @escaping @Sendable (Result<Void, DeadLetterError>) -> Void)
}

/// Why a dead letter could not be kept. All of them may pass: the message is tried again.
package struct DeadLetterError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable {
        let name: String
        /// There are as many letters as may be.
        package static let full = Code(name: "full")
        /// The letter is too large for the store.
        package static let tooLarge = Code(name: "too large")
        /// The store cannot be reached, or refused.
        package static let unavailable = Code(name: "unavailable")
        /// More letters at once than can be written.
        package static let busy = Code(name: "busy")
    }

    package let code: Code
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    package var description: String { detail }
}
