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
    private(set) var views: [Int: View] = [:]
    /// Numbers of views by their root, so that a change finds those that it concerns.
    private var viewsByRoot: [String: Set<Int>] = [:]
    var registrations: [Int: Registration] = [:]
    var latches: [Int: Latch] = [:]

    init(session: Int64, events: AsyncStream<SessionEvent>.Continuation) {
        self.session = session
        self.events = events
    }

    mutating func open(_ view: View, _ number: Int) {
        views[number] = view
        viewsByRoot[view.root, default: []].insert(number)
    }

    mutating func closeView(_ number: Int) {
        guard let view = views.removeValue(forKey: number) else { return }
        view.changes.finish()
        viewsByRoot[view.root]?.remove(number)
        if viewsByRoot[view.root]?.isEmpty == true { viewsByRoot[view.root] = nil }
    }

    mutating func closeViews() {
        for view in views.values { view.changes.finish() }
        views = [:]
        viewsByRoot = [:]
    }

    mutating func setSnapshot(_ number: Int, _ snapshot: SubtreeSnapshot) { views[number]?.snapshot = snapshot }

    /// Views that show one of these paths.
    func viewsCovering(_ paths: Set<String>) -> Set<Int> {
        var found: Set<Int> = []
        if viewsByRoot.isEmpty { return found }
        for path in paths {
            for root in NodePath.ancestors(of: path) + [path, "/"] {
                for number in viewsByRoot[root] ?? [] where views[number]?.covers(path) == true { found.insert(number) }
            }
        }
        return found
    }
}
