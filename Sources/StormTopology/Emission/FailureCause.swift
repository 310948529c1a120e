public import StormWire

/// Why and where a tuple tree failed. JSON: the reason by its name.
package struct FailureCause: Codable, Hashable, Sendable {
    package var reason: FailureReason
    /// Who failed it; for a timeout, who touched it last. Nil when it is not known.
    package var component: String?
    package var task: Int?
    /// Where that task runs.
    package var host: String?
    package var port: Int?
    /// What was thrown, or asked for and not there.
    package var detail: String?

    package init(
        reason: FailureReason, component: String? = nil, task: Int? = nil, host: String? = nil, port: Int? = nil,
        detail: String? = nil
    ) {
        self.reason = reason
        self.component = component
        self.task = task
        self.host = host
        self.port = port
        self.detail = detail
    }
}

extension FailureReason: Codable {
    /// Stable; in JSON.
    package var name: String {
        switch self {
        case .none: "none"
        case .explicit: "explicit"
        case .timeout: "timeout"
        case .workerLost: "worker_lost"
        case .threw: "threw"
        case .badField: "bad_field"
        case .badEmit: "bad_emit"
        }
    }

    public init(from decoder: any Decoder) throws {
        let name = try decoder.singleValueContainer().decode(String.self)
        // A name of a newer version is a reason that this one does not know.
        self = FailureReason.allCases.first { $0.name == name } ?? .none
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
