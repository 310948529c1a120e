import FoundationEssentials
package import StormCluster
package import StormCore

/// Dead letters as text and as JSON.
package enum DeadLetterTable {
    package struct Letter: Sendable {
        package var id: String
        package var record: DeadLetterRecord
        /// Somebody asked that it is emitted again.
        package var replay: DeadLetterReplayRecord?

        package init(id: String, record: DeadLetterRecord, replay: DeadLetterReplayRecord? = nil) {
            self.id = id
            self.record = record
            self.replay = replay
        }

        var state: String {
            guard let replay else { return "" }
            return replay.refusal.map { "not replayed: \($0)" } ?? "replaying"
        }
    }

    // MARK: Text

    /// A heading and a row for each letter; the last failure is the one shown.
    package static func lines(_ letters: [Letter]) -> [String] {
        let rows =
            [["ID", "TIME", "SPOUT", "MESSAGE", "ATTEMPTS", "REASON", "WHERE", "STATE"]]
            + letters.map { letter in
                let last = letter.record.history.last
                return [
                    letter.id, time(letter.record.timeMilliseconds), "\(letter.record.component)#\(letter.record.task)",
                    letter.record.messageID, "\(letter.record.attempts)", last?.reason ?? "",
                    last.map(place) ?? "", letter.state,
                ]
            }
        let widths = rows[0].indices.map { column in min(40, rows.map { $0[column].count }.max() ?? 0) }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - cell.count))
            }
            return trimmed(cells.joined(separator: "  "))
        }
    }

    package static func details(_ letter: Letter) -> [String] {
        let record = letter.record
        var lines = [
            "dead letter \(letter.id) of \(record.topologyID)",
            "  given up   \(time(record.timeMilliseconds)) after \(record.attempts) attempts",
            "  spout      \(record.component), task \(record.task), stream \(record.stream)",
            "  message    \(record.messageID)",
        ]
        if let task = record.directTask { lines.append("  direct to  task \(task)") }
        if !letter.state.isEmpty { lines.append("  state      \(letter.state)") }
        lines.append("  values")
        for (index, value) in record.values.enumerated() {
            let name = index < record.fields.count ? record.fields[index] : "\(index)"
            lines.append("    \(name): \(value)")
        }
        lines.append("  failures" + (record.attempts > record.history.count ? " (the first and the latest)" : ""))
        for failure in record.history {
            let whereabouts = place(failure)
            lines.append(
                "    \(time(failure.timeMilliseconds))  \(failure.reason)"
                    + (whereabouts.isEmpty ? "" : "  \(whereabouts)") + (failure.detail.map { "  \($0)" } ?? ""))
        }
        return lines
    }

    private static func place(_ failure: DeadLetterRecord.Failure) -> String {
        var text = failure.component ?? ""
        if let task = failure.task { text += "#\(task)" }
        if let host = failure.host { text += "@\(host)" + (failure.port.map { ":\($0)" } ?? "") }
        return text
    }

    private static func trimmed(_ line: String) -> String {
        guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
        return String(line[...last])
    }

    static func time(_ epochMilliseconds: Int64) -> String {
        // The milliseconds apart: as part of a Double they would be cut to the one before.
        let (seconds, milliseconds) = epochMilliseconds.quotientAndRemainder(dividingBy: 1000)
        let fraction = String(1000 + abs(milliseconds)).dropFirst()
        return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601).dropLast() + ".\(fraction)Z"
    }

    // MARK: JSON

    /// The record as it is stored, with its id and what becomes of it.
    package static func json(_ letter: Letter) throws -> ConfigValue {
        let stored = try RecordCodec.encode(letter.record)
        var entries = try JSONDecoder().decode([String: ConfigValue].self, from: Data(stored))
        entries["id"] = .string(letter.id)
        if !letter.state.isEmpty { entries["state"] = .string(letter.state) }
        return .map(entries)
    }

    /// One line.
    package static func json(_ value: ConfigValue) -> String { value.description }
}
