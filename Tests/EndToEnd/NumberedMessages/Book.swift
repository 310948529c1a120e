import FoundationEssentials

/// A task's file of numbers by name, one `name number…` per line, replaced as a whole.
struct Book {
    private let path: String
    var entries: [String: [Int]] = [:]

    /// What was written before, if anything.
    /// - Throws: when the file is there and cannot be read.
    init(_ folder: String, _ name: String) throws {
        path = "\(folder)/\(name)"
        guard FileManager.default.fileExists(atPath: path) else { return }
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if let name = words.first { entries[String(name)] = words.dropFirst().compactMap { Int($0) } }
        }
    }

    subscript(name: String) -> Int {
        get { entries[name]?.first ?? 0 }
        set { entries[name] = [newValue] }
    }

    func save() throws {
        let lines = entries.sorted { $0.key < $1.key }.map { name, numbers in
            ([name] + numbers.map { "\($0)" }).joined(separator: " ") + "\n"
        }
        try Data(lines.joined().utf8).write(to: URL(filePath: path), options: .atomic)
    }

    /// Makes the folder.
    /// - Returns: its absolute path.
    static func folder(_ path: String) throws -> String {
        let absolute = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
        try FileManager.default.createDirectory(atPath: absolute, withIntermediateDirectories: true)
        return absolute
    }

    static func epochMilliseconds() -> Int { Int(Date().timeIntervalSince1970 * 1000) }
}
