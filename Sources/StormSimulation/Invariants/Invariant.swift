/// A rule that must hold at every step. What breaks it calls `World.fail`.
protocol Invariant: Sendable {
    static var name: String { get }
    init()
    /// Before anything happens: to look on from then on.
    func install(_ cluster: SimulatedCluster)
    /// Ten times in a simulated second.
    func check(_ cluster: SimulatedCluster)
}

extension Invariant {
    func install(_ cluster: SimulatedCluster) {}
    func check(_ cluster: SimulatedCluster) {}
}

enum Invariants {
    static let all: [any Invariant.Type] = [
        OneLeader.self, SlotsHeldOnce.self, Conservation.self, WipeStopsNothing.self,
    ]
}
