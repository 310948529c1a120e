/// The next frame between two workers is overtaken by the one behind it.
enum ReorderFault: StrikingFault {
    static let name = "reorder"

    static func strike(_ cluster: SimulatedCluster) -> Bool { cluster.wires.play(.reorder) }
}
