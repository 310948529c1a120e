import StormCore
import StormThrift

/// Thrift's numbers and texts as JSON; a number that is not set is 0, as in Storm.
extension ConfigValue {
    static func count<Number: BinaryInteger>(_ value: Number?) -> ConfigValue { .int(value.map { Int($0) } ?? 0) }
    static func number(_ value: Double?) -> ConfigValue { .double(value.map { $0.isFinite ? $0 : 0 } ?? 0) }
    static func text(_ value: String?) -> ConfigValue { value.map { .string($0) } ?? .null }

    /// Their sum.
    static func sum(_ first: Double?, _ second: Double?) -> ConfigValue { .number((first ?? 0) + (second ?? 0)) }

    /// Three decimals in quotes.
    static func decimal(_ value: Double?) -> ConfigValue { .string(RestText.decimal(value)) }
}

/// An object under construction: entries of several sources; of equal names the last counts.
typealias Entries = [String: ConfigValue]

extension Entries {
    func adding(_ other: Entries) -> Entries { merging(other, uniquingKeysWith: { $1 }) }
}

/// Uptime as text and number.
func uptimeEntries(_ seconds: Int32?) -> Entries {
    ["uptime": .string(RestText.uptime(Int(seconds ?? 0))), "uptimeSeconds": .count(seconds)]
}

/// Memory and processor of something, requested or assigned.
func resourceEntries(_ prefix: String, onHeap: Double?, offHeap: Double?, cpu: Double?) -> Entries {
    [
        "\(prefix)MemOnHeap": .number(onHeap), "\(prefix)MemOffHeap": .number(offHeap),
        "\(prefix)Cpu": .number(cpu),
    ]
}

/// Links to logs as Storm writes them.
struct LogLinks {
    let port: Int

    func daemon(_ host: String, _ file: String) -> ConfigValue {
        .string("http://\(host):\(port)/api/v1/daemonlog?file=\(file)")
    }

    func worker(_ host: String, _ port: Int32, _ topologyID: String) -> ConfigValue {
        .string(
            "http://\(host):\(self.port)/api/v1/log?file="
                + RestText.encoded("\(topologyID)/\(port)/worker.log"))
    }
}
