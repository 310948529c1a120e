import FoundationEssentials

/// A folder of its own for one test; deleted when the object goes away.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws {
        path = FileManager.default.temporaryDirectory.path + "/storm-test-" + UUID().uuidString.lowercased()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // A folder that a test has removed already is fine.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes `text` to `name` below the folder, with the folders on the way; returns the full path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        let full = "\(path)/\(name)"
        if let slash = full.lastIndex(of: "/") {
            try FileManager.default.createDirectory(
                atPath: String(full[..<slash]), withIntermediateDirectories: true)
        }
        try Data(text.utf8).write(to: URL(filePath: full))
        return full
    }

    public func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(name)")), as: UTF8.self)
    }

    public var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}
