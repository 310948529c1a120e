import FoundationEssentials
package import StormCore

/// What a znode holds: one JSON object with snake_case names, sorted, with a `version` that says how to read it.
///
/// A rule for changes: new fields are optional and leave the version as it is; a change that an older reader would get
/// wrong raises it, and older readers refuse the record instead of guessing.
package protocol ClusterRecord: Codable, Hashable, Sendable {
    /// All fields, each with what it means.
    associatedtype CodingKeys: RecordKey

    /// One with every field there is, for the article on znodes.
    static var example: Self { get }
    /// The greatest version this code understands.
    static var currentVersion: Int { get }
    var version: Int { get }
    /// Top-level fields this code does not know, kept so that a rewrite does not lose what a newer program put there.
    var unknownFields: [String: ConfigValue] { get set }
}

extension ClusterRecord {
    package static var currentVersion: Int { 1 }
}

/// A record that cannot be read.
package struct ClusterRecordError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable {
        let name: String
        /// Not JSON, or not of the record's shape.
        package static let malformed = Code(name: "malformed")
        /// Written by a newer program.
        package static let newerVersion = Code(name: "newerVersion")
    }

    package let code: Code
    package let path: String
    package let detail: String

    package init(_ code: Code, _ path: String, _ detail: String) {
        self.code = code
        self.path = path
        self.detail = detail
    }

    package var description: String { "record '\(path)': \(code.name): \(detail)" }
}

/// Records to bytes and back.
package enum RecordCodec {
    /// A record, and what else is in its object: read in one pass.
    private struct Envelope<R: ClusterRecord>: Decodable {
        let record: R

        init(from decoder: any Decoder) throws {
            let all = try decoder.container(keyedBy: AnyKey.self)
            let version = try all.decode(Int.self, forKey: AnyKey(stringValue: "version"))
            guard version <= R.currentVersion else {
                throw ClusterRecordError(
                    .newerVersion, "",
                    "it has version \(version), this program knows \(R.currentVersion) at most; upgrade this daemon")
            }
            var record = try R(from: decoder)
            for key in all.allKeys where R.CodingKeys(stringValue: key.stringValue) == nil {
                let value = try all.decode(ConfigValue.self, forKey: key)
                if !value.isNull { record.unknownFields[key.stringValue] = value }
            }
            self.record = record
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// - Throws: `ClusterRecordError`.
    package static func decode<R: ClusterRecord>(_ type: R.Type, _ bytes: [UInt8], path: String) throws -> R {
        do {
            return try JSONDecoder().decode(Envelope<R>.self, from: Data(bytes)).record
        } catch let error as ClusterRecordError {
            throw ClusterRecordError(error.code, path, error.detail)
        } catch let error as DecodingError {
            throw ClusterRecordError(.malformed, path, error.shortText)
        }
    }

    /// UTF-8 JSON with sorted keys.
    /// - Throws: only when a number is not finite, which records must not hold.
    package static func encode<R: ClusterRecord>(_ record: R) throws -> [UInt8] {
        let plain = try plainEncoder().encode(record)
        guard !record.unknownFields.isEmpty else { return Array(plain) }
        let known = try JSONDecoder().decode([String: ConfigValue].self, from: plain)
        let merged = record.unknownFields.merging(known) { _, ours in ours }
        return Array(try plainEncoder().encode(merged))
    }

    private static func plainEncoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}

extension DecodingError {
    /// Which field and what is wrong, in a line.
    var shortText: String {
        func place(_ context: Context, _ last: String? = nil) -> String {
            let path = context.codingPath.map(\.stringValue) + (last.map { [$0] } ?? [])
            return path.isEmpty ? "the record" : "'\(path.joined(separator: "."))'"
        }
        switch self {
        case .keyNotFound(let key, let context): return "\(place(context, key.stringValue)) is missing"
        case .typeMismatch(let type, let context): return "\(place(context)) is not of type \(type)"
        case .valueNotFound(_, let context): return "\(place(context)) is null"
        case .dataCorrupted(let context): return "\(place(context)): \(context.debugDescription)"
        @unknown default: return String(describing: self)
        }
    }
}
