package import StormCore

/// `/supervisors/<id>`, ephemeral: a machine that offers slots. Gone with its supervisor's session.
package struct SupervisorRecord: ClusterRecord {
    package var version = 1
    package var id: String
    package var host: String
    /// `supervisor.slots.ports`, ascending.
    package var ports: [Int]
    /// Ports with a worker, ascending.
    package var usedPorts: [Int]
    package var pid: Int
    /// Where its pages are (`/metrics`, `/readyz`); nil: it has none.
    package var httpPort: Int?
    /// True: it is about to stop and wants its slots emptied; nothing new is put there. Nil is false.
    package var draining: Bool?
    /// Epoch milliseconds.
    package var startedAtMilliseconds: Int64
    package var stormVersion: String
    /// `memory.mb`, `cpu.pcore.percent` and others.
    package var resources: [String: Double]
    /// `supervisor.scheduler.meta`.
    package var schedulerMeta: [String: String]?
    package var unknownFields: [String: ConfigValue] = [:]

    package init(
        id: String, host: String, ports: [Int], usedPorts: [Int] = [], pid: Int, startedAtMilliseconds: Int64,
        stormVersion: String, resources: [String: Double] = [:], schedulerMeta: [String: String]? = nil
    ) {
        self.id = id
        self.host = host
        self.ports = ports.sorted()
        self.usedPorts = usedPorts.sorted()
        self.pid = pid
        self.startedAtMilliseconds = startedAtMilliseconds
        self.stormVersion = stormVersion
        self.resources = resources
        self.schedulerMeta = schedulerMeta
    }

    package var isDraining: Bool { draining ?? false }

    package enum CodingKeys: String, RecordKey {
        case version, id, host, ports, pid, draining, resources
        case usedPorts = "used_ports"
        case httpPort = "http_port"
        case startedAtMilliseconds = "started_at_ms"
        case stormVersion = "storm_version"
        case schedulerMeta = "scheduler_meta"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .id: .text("the supervisor's id")
            case .host: .text("the name by which other machines reach it")
            case .ports: .list(of: "integers", "`supervisor.slots.ports`, ascending")
            case .pid: .integer("its process")
            case .draining: .flag("it is about to stop and wants its slots emptied").optional
            case .resources: .map("text to number", "`memory.mb`, `cpu.pcore.percent` (100 = a core) and others")
            case .usedPorts: .list(of: "integers", "ports with a worker, ascending")
            case .httpPort: .integer("port of its pages: metrics, health, logs").optional
            case .startedAtMilliseconds: .time("when it started")
            case .stormVersion: .text("its program's version")
            case .schedulerMeta: .map("text to text", "`supervisor.scheduler.meta`").optional
            }
        }
    }
}
