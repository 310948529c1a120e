/// The free slots during a round.
struct SlotPool {
    /// By node; ports ascending.
    private var freePorts: [String: [Int]]
    let totalCount: Int

    /// - Parameters:
    ///   - used: slots that are taken, by whatever topology.
    init(_ supervisors: [SchedulableSupervisor], used: Set<Slot>, dead: Set<Slot>) {
        var ports: [String: [Int]] = [:]
        for supervisor in supervisors where supervisor.acceptsWork {
            ports[supervisor.id] = Set(supervisor.ports).sorted().filter {
                let slot = Slot(node: supervisor.id, port: $0)
                return !used.contains(slot) && !dead.contains(slot)
            }
        }
        freePorts = ports
        totalCount = supervisors.reduce(0) { $0 + Set($1.ports).count }
    }

    var freeCount: Int { freePorts.values.reduce(0) { $0 + $1.count } }

    mutating func release(_ slot: Slot) {
        guard let ports = freePorts[slot.node], !ports.contains(slot.port) else { return }
        freePorts[slot.node] = (ports + [slot.port]).sorted()
    }

    /// Takes up to `count` slots as Storm's EvenScheduler orders them: nodes with more free slots first, then in turn
    /// one port of each node. Among equals the node that has more of `preferred` comes first, then the lower id; on a
    /// node `preferred` ports come first: a worker that had to be freed should come back where it was.
    mutating func take(_ count: Int, preferred: Set<Slot>) -> [Slot] {
        let nodes = freePorts.filter { !$0.value.isEmpty }.map { node, ports in
            (
                node: node,
                slots: ports.map { Slot(node: node, port: $0) }.sorted {
                    let (first, second) = (preferred.contains($0), preferred.contains($1))
                    return first == second ? $0.port < $1.port : first
                },
                preferredCount: ports.count { preferred.contains(Slot(node: node, port: $0)) }
            )
        }.sorted {
            if $0.slots.count != $1.slots.count { return $0.slots.count > $1.slots.count }
            if $0.preferredCount != $1.preferredCount { return $0.preferredCount > $1.preferredCount }
            return $0.node < $1.node
        }
        var taken: [Slot] = []
        var turn = 0
        while taken.count < count, nodes.contains(where: { turn < $0.slots.count }) {
            for node in nodes where turn < node.slots.count && taken.count < count { taken.append(node.slots[turn]) }
            turn += 1
        }
        for slot in taken { freePorts[slot.node]!.removeAll { $0 == slot.port } }
        return taken
    }
}
