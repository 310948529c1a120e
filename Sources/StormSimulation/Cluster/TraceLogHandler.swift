import Logging

/// What the cluster logs, as lines of the trace.
struct TraceLogHandler: LogHandler {
    private let world: World
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(_ world: World) { self.world = world }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        world.note("\(world.current.name) log: \(event.message) \(values.joined(separator: " "))")
    }
}
