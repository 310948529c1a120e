public import Logging

/// Names of the metadata of log records, in one place so that a search for `topology.id=` finds everything.
public enum LogMetadataKey: String, CaseIterable, Sendable {
    case topologyID = "topology.id"
    case topologyName = "topology.name"
    case componentID = "component.id"
    case taskID = "task.id"
    case executor = "executor"
    case workerID = "worker.id"
    /// `host:port` of a worker, in its own records.
    case worker = "worker"
    case supervisorID = "supervisor.id"
    case nimbusHost = "nimbus.host"
    case slotPort = "slot.port"
    case host = "host"
    case port = "port"
    case peer = "peer"
    case pid = "pid"
    case path = "path"
    case znode = "znode"
    case session = "session"
    case configKey = "config.key"
    case count = "count"
    case durationMilliseconds = "duration.ms"
    case error = "error"
    case reason = "reason"
    case signal = "signal"
    case service = "service"
}

extension Logger {
    /// `logger[key: .topologyID] = "wc-1-17"`: metadata under one of the common names.
    public subscript(key key: LogMetadataKey) -> Logger.Metadata.Value? {
        get { self[metadataKey: key.rawValue] }
        set { self[metadataKey: key.rawValue] = newValue }
    }
}

extension Dictionary where Key == String, Value == Logger.Metadata.Value {
    /// `logger.info("…", metadata: .of([.slotPort: "6700"]))`
    public static func of(_ entries: [LogMetadataKey: Logger.Metadata.Value]) -> Self {
        Dictionary(uniqueKeysWithValues: entries.map { ($0.key.rawValue, $0.value) })
    }
}
