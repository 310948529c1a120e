internal import FoundationEssentials

/// The article on znodes, made from the types that the code itself uses.
///
/// `STORM_WRITE_DOCS=1 swift test --filter ZnodeDocumentTests` writes it; without the variable the same test fails when the
/// file differs.
package enum ZnodeDocument {
    /// Where it is in the repository.
    package static let path = "Sources/StormCluster/StormCluster.docc/Znodes.md"

    /// The whole file.
    /// - Throws: when an example cannot be encoded.
    package static func text() throws -> String {
        var lines = [
            "# Znodes", "", "What is in the coordination store, below `storm.zookeeper.root` (`/storm` by default).",
            "",
            "## Overview", "",
            "Made by `ZnodeDocument` from `Znode` and the record types; a test fails when it differs. Every record is one JSON",
            "object in UTF-8 with sorted keys. Fields that a reader does not know stay where they are; a record whose `version`",
            "is greater than the reader's is refused. Names in paths are escaped: every byte but letters, digits, `-`, `_`, `.`",
            "and `:` is `%XX`.", "", "```", "zkCli.sh -server zoo1:2181 get /storm/assignments/wc-1-1700000000", "```",
            "",
            "| Path | Life | Record |", "|---|---|---|",
        ]
        for node in Znode.allCases {
            lines.append(
                "| `\(node.pattern)` | \(node.note.life.rawValue) | \(node.note.record.map { "`\($0)`" } ?? "") |")
        }
        lines += budget()
        lines += ["", "## Nodes"]
        for node in Znode.allCases { lines += section(node) }
        lines += ["", "## Records"]
        var described: Set<String> = []
        for node in Znode.allCases {
            guard let record = node.note.record, described.insert("\(record)").inserted else { continue }
            lines += try section(record)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func budget() -> [String] {
        var lines = [
            "", "## Writes", "",
            "While nothing happens only workers write: their numbers, every `executor.metrics.frequency.secs` (60), or more",
            "rarely where `/pace` says so. All writes together stay below \(WriteBudget.totalPerSecond) per second.",
            "",
            "| Workers | Least interval by `/pace`, s | Writes/s at 60 s | Writes/s at most |", "|---|---|---|---|",
        ]
        for workers in [1, 10, 100, 1_000, 10_000, 100_000] {
            let least = WriteBudget.beatSeconds(workers: workers)
            let usual = WriteBudget.steadyState(supervisors: workers / 10, workers: workers, topologies: 1)["workers"]
            lines.append(
                "| \(workers) | \(least) | \(tenths(usual ?? 0)) | \(tenths(Double(workers) / Double(least))) |")
        }
        return lines
    }

    private static func tenths(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func section(_ node: Znode) -> [String] {
        let note = node.note
        var lines = [
            "", "### \(node.pattern)", "", "\(note.meaning.prefix(1).uppercased())\(note.meaning.dropFirst()).", "",
            "- Life: \(note.life.rawValue)", "- Written by: \(note.writer)", "- When: \(note.moments)",
        ]
        if let record = note.record { lines.append("- Holds: `\(record)`") }
        return lines
    }

    private static func section<R: ClusterRecord>(_ record: R.Type) throws -> [String] {
        var lines = ["", "### \(record)", "", "| Field | Type | Meaning |", "|---|---|---|"]
        lines += rows(R.CodingKeys.fields, below: "")
        lines += ["", "```json", try prettyExample(record), "```"]
        return lines
    }

    private static func rows(_ fields: [FieldNote.NamedField], below prefix: String) -> [String] {
        fields.flatMap { field in
            let note = field.note
            let name = prefix + field.name
            let optional = note.isOptional ? " (optional)" : ""
            let row = "| `\(name)` | \(note.type)\(optional) | \(note.meaning) |"
            let step = note.form == .list ? "[]." : note.form == .map ? ".*." : "."
            return [row] + rows(note.fields, below: name + step)
        }
    }

    private static func prettyExample<R: ClusterRecord>(_ record: R.Type) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(R.example), as: UTF8.self)
    }
}
