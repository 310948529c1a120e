import StormCore
package import StormThrift

/// `storm set_log_level`.
package struct LogLevelCommands: Sendable {
    private let nimbus: any NimbusService
    private let nowMilliseconds: Int64
    private let say: @Sendable (String) -> Void

    /// - Parameter nowMilliseconds: epoch time of the command.
    package init(nimbus: any NimbusService, nowMilliseconds: Int64, say: @escaping @Sendable (String) -> Void) {
        self.nimbus = nimbus
        self.nowMilliseconds = nowMilliseconds
        self.say = say
    }

    /// - Throws: `CommandFailure`.
    package func set(_ name: String, _ settings: [LogLevelSetting], isJSON: Bool) async throws {
        let id = try await id(of: name)
        let changes = Dictionary(settings.map { ($0.logger, $0.change) }, uniquingKeysWith: { $1 })
        try await asking(name) {
            try await nimbus.setLogConfig(name: id, config: Thrift.LogConfig(namedLoggerLevel: changes))
        }
        if isJSON { return try await list(name, isJSON: true) }
        say("Log config \(settings.map(\.text).joined(separator: ", ")) is sent for topology \(name)")
    }

    /// What is in force besides the configuration.
    package func list(_ name: String, isJSON: Bool) async throws {
        let id = try await id(of: name)
        let levels = try await asking(name) { try await nimbus.getLogConfig(name: id)?.namedLoggerLevel ?? [:] }
        let entries = levels.sorted { $0.key < $1.key }.map { logger, level in
            Entry(
                logger: logger, level: level.targetLogLevel ?? "", endsAtMilliseconds: level.resetLogLevelTimeoutEpoch)
        }
        if isJSON {
            return say(try ReportJSON.text(Content(topology: name, topologyID: id, levels: entries)))
        }
        guard !entries.isEmpty else { return say("\(name): all log levels are as configured") }
        var table = TextTable([.text("Logger"), .text("Level"), .text("Until")])
        for entry in entries {
            let until = entry.endsAtMilliseconds.map { end in
                "\(ReportJSON.time(milliseconds: end)) (\(max(0, (end - nowMilliseconds) / 1000)) s)"
            }
            table.add([entry.logger, entry.level, until ?? "removed with -r"])
        }
        table.lines.forEach(say)
    }

    private func id(of name: String) async throws -> String {
        try TopologyName.check(name)
        return try await asking(name) {
            try await nimbus.getTopologyInfoByNameWithOpts(name: name, options: .init(errorChoice: .noErrors)).id
        }
    }

    private func asking<Answer>(_ name: String, _ call: () async throws -> Answer) async throws -> Answer {
        do {
            return try await call()
        } catch let error as ThriftApplicationException where error.isNotLeader {
            throw error
        } catch {
            throw await nimbus.failure(error, topology: name)
        }
    }

    // MARK: JSON

    private struct Entry: Encodable {
        var logger: String
        /// Storm's name.
        var level: String
        /// Nil: until it is removed.
        var endsAtMilliseconds: Int64?

        enum CodingKeys: String, CodingKey {
            case logger, level
            case endsAtMilliseconds = "ends_at_ms"
        }
    }

    private struct Content: Encodable {
        var topology: String
        var topologyID: String
        var levels: [Entry]

        enum CodingKeys: String, CodingKey {
            case topology, levels
            case topologyID = "topology_id"
        }
    }
}
