/// The next frame between two workers comes twice.
enum DuplicateFault: StrikingFault {
    static let name = "duplicate"

    static func strike(_ cluster: SimulatedCluster) -> Bool { cluster.wires.play(.duplicate) }
}
