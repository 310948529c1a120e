import FoundationEssentials

/// A folder of scripts as the zip file that a cluster wants.
package enum ResourceFolder {
    /// Largest sum of files.
    package static let bytesMax = 1 << 30

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The files below `path`, each as `resources/…`, in the order of their names. Links count as what they lead to, but
    /// links to folders are left out, as are Python's caches. Without a folder the archive is empty.
    /// - Throws: `Failure`, naming the file.
    package static func zip(_ path: String?) throws(Failure) -> [UInt8] {
        var writer = ZipWriter()
        guard let path else { return writer.finished() }
        let manager = FileManager.default
        let names: [String]
        do {
            names = try manager.subpathsOfDirectory(atPath: path).sorted()
        } catch {
            throw Failure(description: "\(path) cannot be read: \(error)")
        }
        var left = bytesMax
        for name in names where !name.split(separator: "/").contains("__pycache__") {
            let file = "\(path)/\(name)"
            var isFolder = false
            guard manager.fileExists(atPath: file, isDirectory: &isFolder), !isFolder else { continue }
            do {
                let bytes = Array(try Data(contentsOf: URL(filePath: file)))
                left -= bytes.count
                guard left >= 0 else { throw Failure(description: "the files are larger than \(bytesMax >> 20) MiB") }
                let isExecutable = manager.isExecutableFile(atPath: file)
                try writer.add("resources/\(name)", bytes, permissions: isExecutable ? 0o755 : 0o644)
            } catch let error as Failure {
                throw error
            } catch {
                throw Failure(description: "\(file): \(error)")
            }
        }
        return writer.finished()
    }
}
