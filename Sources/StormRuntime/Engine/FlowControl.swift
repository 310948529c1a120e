import StormCore

/// Sizes of the credit windows, and which edges have none. Pure.
enum FlowControl {
    /// What all senders together may have under way to one task.
    static let inboxBytes = 1 << 20
    static let minWindowBytes = 8 << 10
    static let maxWindowBytes = 128 << 10
    /// To another process: with two batches of the largest size under way, sender and receiver would take turns.
    static let maxRemoteWindowBytes = 512 << 10

    /// Window of each of `senders` tasks that send to one task.
    static func windowBytes(senders: Int, isRemote: Bool = false) -> Int {
        min(isRemote ? maxRemoteWindowBytes : maxWindowBytes, max(minWindowBytes, inboxBytes / max(1, senders)))
    }

    /// Pairs (source component, subscriber) whose edge closes a cycle: the back edges of a depth-first search that
    /// starts at the spouts. Leaving these out, no cycle remains.
    static func cycleEdges(_ topology: TopologyDescription) -> Set<[String]> {
        var found: Set<[String]> = []
        var onPath: Set<String> = []
        var done: Set<String> = []
        func visit(_ id: String) {
            onPath.insert(id)
            for next in topology.components where next.inputs.contains(where: { $0.source.component == id }) {
                if onPath.contains(next.id) {
                    found.insert([id, next.id])
                } else if !done.contains(next.id) {
                    visit(next.id)
                }
            }
            onPath.remove(id)
            done.insert(id)
        }
        for component in topology.components where component.kind == .spout { visit(component.id) }
        for component in topology.components where !done.contains(component.id) { visit(component.id) }
        return found
    }
}
