import ArgumentParser
import FoundationEssentials

/// The files to read.
enum TextFiles {
    private static let folder = "/usr/share/common-licenses"

    /// - Returns: `named`, or the default; every one can be read.
    static func resolve(_ named: [String]) throws -> [String] {
        let files =
            named.isEmpty
            ? try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { "\(folder)/\($0)" } : named
        for file in files where !FileManager.default.isReadableFile(atPath: file) {
            throw ValidationError("cannot read '\(file)'")
        }
        return files
    }

    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
