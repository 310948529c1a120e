package import StormCore
import StormWire
import Synchronization

/// What bolts of a worker said about the trees that they failed, for spouts of the same worker: a record to an acker has
/// no room for words. Bounded: the newest stay. Any thread.
package final class FailureNotes: Sendable {
    package static let notesMax = 1024
    private static let charactersMax = 300

    private struct State {
        var texts: [UInt64: String] = [:]
        /// Roots in the order they came; a ring once it is full.
        var order: [UInt64] = []
        var oldest = 0
    }

    private let state = Mutex(State())
    private let localTasks: Set<TaskID>

    package init(localTasks: Set<TaskID>) { self.localTasks = localTasks }

    /// Notes what was wrong with a tuple, for the spouts of its trees that are here.
    func add(_ error: any Error, about tuple: Tuple) {
        let roots = (0..<tuple.anchorCount).map { tuple.anchor($0).reading.u64(0) }
            .filter { localTasks.contains(PendingTrees.task(of: $0)) }
        guard !roots.isEmpty else { return }
        let text = String("\(error)".prefix(Self.charactersMax))
        state.withLock { state in
            for root in roots where state.texts.updateValue(text, forKey: root) == nil {
                if state.order.count < Self.notesMax {
                    state.order.append(root)
                } else {
                    state.texts[state.order[state.oldest]] = nil
                    state.order[state.oldest] = root
                    state.oldest = (state.oldest + 1) % Self.notesMax
                }
            }
        }
    }

    /// What was said about a tree, most recently. It stays until newer notes take its place.
    package func text(about root: UInt64) -> String? { state.withLock { $0.texts[root] } }
}

extension PendingTrees {
    /// The spout task that a tree belongs to.
    package static func task(of root: UInt64) -> TaskID { TaskID(Int(root >> taskShift)) }
}
