import StormLogs

/// What `--since` takes: a span before now (`90s`, `10m`, `2h`, `7d`) or a moment in UTC (`2026-11-21`,
/// `2026-11-21T08:15:00Z`). Pure.
package enum SinceText {
    /// - Parameter now: epoch milliseconds.
    /// - Returns: epoch milliseconds.
    /// - Throws: a failure of the command line.
    package static func parse(_ text: String, now: Int64) throws(CommandFailure) -> Int64 {
        if let moment = LogInstant.parse(text) { return moment }
        let units: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0,
            count <= 1_000_000
        else {
            throw .usage("--since \(text): a time like 90s, 10m, 2h, 7d, 2026-11-21 or 2026-11-21T08:15:00Z")
        }
        return now - count * unit
    }
}
