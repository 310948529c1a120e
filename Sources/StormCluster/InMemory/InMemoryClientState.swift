/// What the in-memory server knows of one client.
struct InMemoryClientState: Sendable {
    enum Connection: Sendable {
        case connected, suspended, closed
    }

    struct View: Sendable {
        let root: String
        let depth: Int
        var snapshot: SubtreeSnapshot
        let changes: AsyncStream<Void>.Continuation

        func covers(_ path: String) -> Bool {
            guard let below = NodePath.depth(of: path, below: root) else { return false }
            return below <= depth
        }
    }

    struct Registration: Sendable {
        let path: String
        var data: [UInt8]
    }

    struct Latch: Sendable {
        let path: String
        let participant: String
        /// Our node in the election; nil between sessions.
        var node: String?
        var isLeader = false
        let events: AsyncStream<Bool>.Continuation
    }

    var connection = Connection.connected
    /// 0 after the session was lost and before a new one is opened.
    var session: Int64
    let events: AsyncStream<SessionEvent>.Continuation
    var faults: [InjectedFault] = []
    /// Writes that succeed before every further call fails as if the process had died; nil: no limit.
    var writesUntilCrash: Int?
    var writesDone = 0
    var views: [Int: View] = [:]
    var registrations: [Int: Registration] = [:]
    var latches: [Int: Latch] = [:]
}
