/// What `storm version` prints; with `--json` an object of these names.
package struct StormVersion: Encodable, Equatable, Sendable {
    package let version: String
    package let branch: String
    package let checksum: String

    /// Builds from a checkout know neither branch nor checksum.
    package static let current = StormVersion(version: "0.1.0", branch: "unknown", checksum: "unknown")

    /// Storm's three lines.
    /// - Parameter project: the text of a `project.clj`; nil: there is none. Streamparse runs a project here only if the version in
    ///   the first line is the one of Storm that the project is made for, whatever that is.
    package func lines(project: String? = nil) -> [String] {
        let first =
            project.flatMap(Self.stormVersion).map {
                "Storm \($0) (what project.clj in this folder is made for; this program's own version is \(version))"
            } ?? "Storm \(version)"
        return [first, "Branch \(branch)", "From source with checksum \(checksum)"]
    }

    /// The version in a project's dependency `[org.apache.storm/storm-core "1.1.0"]`; nil: there is none, or not one of numbers.
    static func stormVersion(_ project: String) -> String? {
        guard let mark = project.firstRange(of: "[org.apache.storm/storm-core \"") else { return nil }
        let version = project[mark.upperBound...].prefix { $0 != "\"" }
        return !version.isEmpty && version.allSatisfy { $0 == "." || ("0"..."9").contains($0) } ? String(version) : nil
    }
}
