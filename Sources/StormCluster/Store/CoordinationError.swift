/// Why a call on the coordination store failed.
///
/// Codes are ZooKeeper's where it has one. `isRetriable` says whether the same call can work a little later without
/// anything else being done; whether the failed call took effect is a question of its own (`mayHaveHappened`).
package struct CoordinationError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let name: String

        package init(_ name: String) { self.name = name }

        /// The node, or the parent of a node to be created, does not exist.
        package static let noNode = Code("noNode")
        package static let nodeExists = Code("nodeExists")
        /// The node's version is not the expected one: somebody else wrote it.
        package static let badVersion = Code("badVersion")
        /// A node with children cannot be deleted.
        package static let notEmpty = Code("notEmpty")
        /// Ephemeral nodes have no children.
        package static let noChildrenForEphemerals = Code("noChildrenForEphemerals")
        /// No connection at the moment; the session may still be alive.
        package static let unavailable = Code("unavailable")
        /// The session is gone and with it every ephemeral node; a new one is being opened.
        package static let sessionLost = Code("sessionLost")
        /// This client was closed.
        package static let closed = Code("closed")
        /// More than `CoordinationLimits.dataBytesMax`.
        package static let tooLarge = Code("tooLarge")
        /// Not a path, or a call that makes no sense.
        package static let badArguments = Code("badArguments")
        /// The write was refused, and nothing was written: the writer does not lead any more (see `FencedStore`).
        package static let fenced = Code("fenced")
        /// The node's access list forbids it.
        package static let forbidden = Code("forbidden")

        package var description: String { name }
    }

    package let code: Code
    package let path: String
    /// More than code and path say; may be empty.
    package let detail: String
    /// The write may have been applied although no reply came.
    package let mayHaveHappened: Bool

    package init(_ code: Code, _ path: String, detail: String = "", mayHaveHappened: Bool = false) {
        self.code = code
        self.path = path
        self.detail = detail
        self.mayHaveHappened = mayHaveHappened
    }

    package var isRetriable: Bool { code == .unavailable || code == .sessionLost }

    package var description: String {
        let text = "coordination store: \(code) for '\(path)'" + (detail.isEmpty ? "" : ": \(detail)")
        return mayHaveHappened ? text + " (the write may have been applied)" : text
    }
}

/// Limits of every store, those of ZooKeeper's default configuration.
package enum CoordinationLimits {
    /// Bytes of one request, `jute.maxbuffer` (0xfffff); data and path together must stay below it.
    package static let dataBytesMax = 1_048_575
    /// Reads of one caller under way at a time: enough to hide the round trips, few enough to leave room for others.
    package static let lanes = 64
}
