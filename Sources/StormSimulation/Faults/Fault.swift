/// Something that goes wrong.
package protocol Fault: Sendable {
    /// As it is named on the command line.
    static var name: String { get }
}

/// A fault as a simulation uses it.
protocol StrikingFault: Fault {
    /// Strikes once, somewhere.
    /// - Returns: false when there was nothing to strike.
    static func strike(_ cluster: SimulatedCluster) -> Bool
}

/// Every fault there is.
package enum Faults {
    static let all: [any StrikingFault.Type] = [
        CrashFault.self, PowerFault.self, PauseFault.self, SessionFault.self, PartitionFault.self, StoreFault.self,
        CutFault.self, CorruptFault.self, DuplicateFault.self, ReorderFault.self, TruncateFault.self, DelayFault.self,
        ClockFault.self, DiskFault.self, BlobFault.self, LaunchFault.self, LeaderFault.self, WipeFault.self,
    ]

    package static let names = all.map { $0.name }

    static func named(_ names: Set<String>) -> [any StrikingFault.Type] { all.filter { names.contains($0.name) } }
}

extension World {
    /// A random length of time.
    func time(milliseconds range: ClosedRange<Int64>) -> Int64 { random(range) * 1_000_000 }
}
