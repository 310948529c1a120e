/// What `storm version` prints; with `--json` an object of these names.
package struct StormVersion: Encodable, Equatable, Sendable {
    package let version: String
    package let branch: String
    package let checksum: String

    /// Builds from a checkout know neither branch nor checksum.
    package static let current = StormVersion(version: "0.1.0", branch: "unknown", checksum: "unknown")

    /// Storm's three lines.
    package var lines: [String] {
        ["Storm \(version)", "Branch \(branch)", "From source with checksum \(checksum)"]
    }
}
