/// The free slots during a round. Nodes are numbered in the order of their ids.
struct SlotPool {
    private let nodes: [String]
    private let numbers: [String: Int]
    /// By node; ascending.
    private var freePorts: [[Int]]
    /// Nodes with free ports as they are taken from: more free ports first, then by number.
    private var order: [Int]
    let totalCount: Int
    private(set) var freeCount: Int

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
        let nodes = ports.keys.sorted()
        self.nodes = nodes
        numbers = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
        freePorts = nodes.map { ports[$0] ?? [] }
        order = []
        totalCount = supervisors.reduce(0) { $0 + Set($1.ports).count }
        freeCount = freePorts.reduce(0) { $0 + $1.count }
        order = freePorts.indices.filter { !freePorts[$0].isEmpty }.sorted(by: comesFirst)
    }

    private func comesFirst(_ a: Int, _ b: Int) -> Bool {
        let (first, second) = (freePorts[a].count, freePorts[b].count)
        return first == second ? a < b : first > second
    }

    /// Machines with a free slot.
    var freeMachineCount: Int { order.count }

    mutating func release(_ slot: Slot) {
        guard let node = numbers[slot.node], !freePorts[node].contains(slot.port) else { return }
        order.removeAll { $0 == node }
        freePorts[node].append(slot.port)
        freePorts[node].sort()
        freeCount += 1
        insert([node])
    }

    /// Takes up to `count` slots as Storm's EvenScheduler orders them: nodes with more free slots first, then in turn
    /// one port of each node. Among equals the node that has more of `preferred` comes first, then the lower id; on a
    /// node `preferred` ports come first: a worker that had to be freed should come back where it was. O(nodes + count).
    mutating func take(_ count: Int, preferred: Set<Slot>) -> [Slot] {
        guard count > 0 else { return [] }
        let wanted = preferredPorts(preferred)
        // Each node gives one slot in the first turn, so no more nodes than slots are needed.
        let chosen = Array(ranked(wanted, upTo: count))
        let ports = chosen.map { node in
            guard let own = wanted[node] else { return freePorts[node] }
            return freePorts[node].filter(own.contains) + freePorts[node].filter { !own.contains($0) }
        }
        var taken: [Slot] = []
        taken.reserveCapacity(min(count, freeCount))
        var takenPorts = [[Int]](repeating: [], count: chosen.count)
        var turn = 0
        while taken.count < count, ports.contains(where: { turn < $0.count }) {
            for (index, node) in chosen.enumerated() where turn < ports[index].count && taken.count < count {
                let port = ports[index][turn]
                taken.append(Slot(node: nodes[node], port: port))
                takenPorts[index].append(port)
            }
            turn += 1
        }
        remove(chosen, takenPorts)
        freeCount -= taken.count
        return taken
    }

    /// Of the free ports, those that are preferred.
    private func preferredPorts(_ preferred: Set<Slot>) -> [Int: Set<Int>] {
        var ports: [Int: Set<Int>] = [:]
        for slot in preferred {
            guard let node = numbers[slot.node], freePorts[node].contains(slot.port) else { continue }
            ports[node, default: []].insert(slot.port)
        }
        return ports
    }

    /// The first nodes in the order of `take`.
    private func ranked(_ wanted: [Int: Set<Int>], upTo count: Int) -> ArraySlice<Int> {
        if wanted.isEmpty { return order.prefix(count) }
        var ranked: [Int] = []
        var start = 0
        while start < order.count, ranked.count < count {
            let free = freePorts[order[start]].count
            let end = order[start...].firstIndex { freePorts[$0].count != free } ?? order.count
            let group = order[start..<end]
            let first = group.filter { wanted[$0] != nil }.sorted {
                let (a, b) = (wanted[$0]!.count, wanted[$1]!.count)
                return a == b ? $0 < $1 : a > b
            }
            ranked += first.isEmpty ? Array(group) : first + group.filter { wanted[$0] == nil }
            start = end
        }
        return ranked.prefix(count)
    }

    /// Takes ports away from nodes and puts these where they belong now.
    private mutating func remove(_ chosen: [Int], _ ports: [[Int]]) {
        var touched = [Bool](repeating: false, count: nodes.count)
        var moved: [Int] = []
        for (node, gone) in zip(chosen, ports) where !gone.isEmpty {
            touched[node] = true
            freePorts[node].removeAll(where: gone.contains)
            if !freePorts[node].isEmpty { moved.append(node) }
        }
        order.removeAll { touched[$0] }
        insert(moved)
    }

    /// Merges nodes that are not there into the order.
    private mutating func insert(_ added: [Int]) {
        if added.isEmpty { return }
        let added = added.sorted(by: comesFirst)
        var merged: [Int] = []
        merged.reserveCapacity(order.count + added.count)
        var next = 0
        for node in order {
            while next < added.count, comesFirst(added[next], node) {
                merged.append(added[next])
                next += 1
            }
            merged.append(node)
        }
        order = merged + added[next...]
    }
}
