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

    enum CodingKeys: String, CodingKey {
        case version, id, host, ports, pid, draining, resources
        case usedPorts = "used_ports"
        case startedAtMilliseconds = "started_at_ms"
        case stormVersion = "storm_version"
        case schedulerMeta = "scheduler_meta"
    }
}
