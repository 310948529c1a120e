import StormCore

/// Numbers and texts in the forms of Storm's REST interface. Pure.
enum RestText {
    /// `1d 2h 3m 4s`: from the greatest unit that is not zero.
    static func uptime(_ seconds: Int) -> String {
        let seconds = max(0, seconds)
        let units = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"),
        ]
        let first = units.firstIndex { $0.0 > 0 } ?? 3
        return units[first...].map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }

    /// Three decimals; "0" for a number that is not known.
    static func decimal(_ value: Double?) -> String {
        guard let value, value.isFinite, abs(value) < 1e15 else { return "0" }
        let thousandths = Int((abs(value) * 1000).rounded())
        let fraction = String(thousandths % 1000)
        let sign = value < 0 && thousandths > 0 ? "-" : ""
        return "\(sign)\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    /// `10m 0s`, …, `All time`.
    static func window(_ window: String) -> String {
        switch window {
        case "600": "10m 0s"
        case "10800": "3h 0m 0s"
        case "86400": "1d 0h 0m 0s"
        case ":all-time": "All time"
        default: Int(window).map(uptime) ?? window
        }
    }

    /// As in a link: everything but letters, digits and `-_.*`. A space is `%20`, which is one in a path too; Storm's `+` is
    /// one only in a query.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "*"):
                return String(UnicodeScalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                return "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }.joined()
    }

    /// A part of a path: `%41` is A. (`+` stands for itself there.)
    static func decoded(_ part: Substring) -> String { PercentText.decoded(part.utf8) }

    /// `name=value name2=value2`, in order, without processor and memory.
    static func resources(_ resources: [String: Double]?) -> String {
        (resources ?? [:])
            .filter { !$0.key.contains("cpu") && !$0.key.contains("memory") }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
}
