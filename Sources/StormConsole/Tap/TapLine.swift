package import StormCore
package import StormRuntime

/// A sample as `storm tap` prints it. Pure.
///
/// JSON: one object on a line, the names below in lower case with underscores; `fields` by name, in a form without loss
/// (`LetterValue`), long ones cut.
package struct TapLine: Encodable, Hashable, Sendable {
    /// Where it was seen.
    package var host: String
    package var port: Int
    package var timeMilliseconds: Int64
    package var component: String
    package var stream: String
    package var task: Int
    package var fields: [String: ConfigValue]

    enum CodingKeys: String, CodingKey {
        case host, port, component, stream, task, fields
        case timeMilliseconds = "time_ms"
    }

    package init(_ sample: TapSample, _ place: WorkerPlace) {
        host = place.host
        port = place.port
        timeMilliseconds = sample.timeMilliseconds
        component = sample.component
        stream = sample.stream
        task = sample.task
        fields = Dictionary(zip(sample.names, sample.values), uniquingKeysWith: { first, _ in first })
    }

    /// `17:03:59.123  split:default#4  word=storm count=3`
    package static func text(_ sample: TapSample) -> String {
        let fields = zip(sample.names, sample.values).map { "\($0)=\(shown($1))" }
        return "\(Age.clock(sample.timeMilliseconds))  \(sample.component):\(sample.stream)#\(sample.task)  "
            + fields.joined(separator: " ")
    }

    /// Texts bare while they can be told apart.
    private static func shown(_ value: ConfigValue) -> String {
        guard case .string(let text) = value, !text.isEmpty,
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0 != "\"" && $0 != "=" })
        else { return "\(value)" }
        return text
    }
}
