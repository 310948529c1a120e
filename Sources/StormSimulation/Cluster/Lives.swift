import StormCluster
import StormNimbus
import StormSupervisor

/// A nimbus between its start and its end.
struct NimbusLife: Sendable {
    let process: SimulatedProcess
    let nimbus: Nimbus
    let store: SimulatedStore
}

struct SupervisorLife: Sendable {
    let process: SimulatedProcess
    let supervisor: Supervisor
    let store: SimulatedStore
}

/// A worker process, under the number that its supervisor knows it by.
struct WorkerLife: Sendable {
    /// The rule for them.
    static let onePerPort = "one worker per port"

    let process: SimulatedProcess
    let pid: Int32
    let machine: Int
    let port: Int
    let topologyID: String
    let manifestPath: String
    let stop: AsyncStream<Void>.Continuation
}
