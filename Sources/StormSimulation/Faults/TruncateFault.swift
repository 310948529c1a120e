/// The next frame between two workers loses its end, and its connection goes on.
enum TruncateFault: StrikingFault {
    static let name = "truncate"

    static func strike(_ cluster: SimulatedCluster) -> Bool { cluster.wires.play(.truncate) }
}
