import StormTopology

/// What a child process wrote and should not have, or cannot be told.
struct MultilangError: Error, Hashable, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Why a child ended.
struct ChildEndedError: UrgentError, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
