/// How far a transfer is, as one line of a terminal. Pure.
package enum ProgressLine {
    private static let barColumns = 24

    /// - Parameters:
    ///   - total: nil when it is not known.
    ///   - elapsed: since the first byte.
    package static func text(_ what: String, sent: Int64, total: Int64?, elapsed: Duration) -> String {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let rate = seconds > 0.2 ? "  \(size(Int64(Double(sent) / seconds)))/s" : ""
        guard let total, total > 0 else { return "\(what)  \(size(sent))\(rate)" }
        let part = min(1, max(0, Double(sent) / Double(total)))
        let filled = Int(part * Double(barColumns))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: barColumns - filled)
        return "\(what)  [\(bar)] \(Int(part * 100)) %  \(size(sent)) of \(size(total))\(rate)"
    }

    /// Decimal units, one digit after the point from kB on.
    package static func size(_ bytes: Int64) -> String {
        var value = Double(bytes)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 1000 || unit == "GB" {
                return unit == "B" ? "\(bytes) B" : "\(tenths(value)) \(unit)"
            }
            value /= 1000
        }
        return "\(bytes) B"
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
