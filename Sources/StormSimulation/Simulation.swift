import FoundationEssentials
package import Logging
import StormCore

/// A whole cluster's life from one seed: it is set up, used and hurt for a while, then left in peace; by the end every
/// message must have been acked, and when all topologies are killed nothing may be left of them.
package struct Simulation: Sendable {
    package struct Options: Sendable {
        /// Names of the faults that may strike.
        package var faults = Set(Faults.names)
        /// How often a fault strikes.
        package var steps = 30
        /// Gets every line of the trace as it happens.
        package var onLine: (@Sendable (String) -> Void)?
        /// Gets every turn of every process.
        package var onTurn: (@Sendable (String) -> Void)?
        /// What the cluster logs, from this level on, is part of the trace.
        package var logLevel: Logger.Level?
        package var plant: Plant?
        /// A folder for the disks of the simulated machines; made, and removed again.
        package var folder: String

        package init(folder: String) { self.folder = folder }
    }

    private let options: Options
    private let thread: any SimulatedThread

    package init(_ options: Options, thread: any SimulatedThread) {
        self.options = options
        self.thread = thread
    }

    /// Runs one seed on the calling thread.
    package func run(seed: UInt64) -> SeedReport {
        let world = World(seed: seed, thread: thread, onLine: options.onLine, onTurn: options.onTurn)
        thread.begin(world, seed: seed)
        defer { thread.end() }
        let cluster = SimulatedCluster(
            world, plan: ClusterPlan.random(world), folder: options.folder, logLevel: options.logLevel)
        let course = Course(cluster, options)
        // Whatever an earlier run left there. A folder that does not exist need not be removed.
        try? FileManager.default.removeItem(atPath: options.folder)
        course.run()
        // What stays is removed before the next seed.
        try? FileManager.default.removeItem(atPath: options.folder)
        return course.report(seed)
    }
}

/// What came of a seed.
package struct SeedReport: Codable, Sendable {
    package var seed: UInt64
    /// What broke which rule; nil when all held.
    package var violation: String?
    /// Equal for two runs that did the same.
    package var traceHash: UInt64
    package var traceLines: Int
    package var simulatedSeconds: Double
    package var turns: Int
    /// How often each fault struck.
    package var faults: [String: Int]
    package var messages: Int
    package var emits: Int
    /// Failed trees by reason.
    package var failures: [String: Int]
    /// How often the user killed a topology, and submitted it again, while faults struck.
    package var kills: Int
    /// Sessions that ended, connections between workers that were cut, pieces that got a wrong bit.
    package var expirations: Int
    package var cuts: Int
    package var corrupted: Int
    /// Frames that came twice, out of order or without their end.
    package var tricks: [String: Int]
    /// Messages that became dead letters.
    package var deadLetters: Int
    /// The end of the trace, of a failure only.
    package var trace: [String]?
}
