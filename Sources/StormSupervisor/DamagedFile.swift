internal import FoundationEssentials

/// A file that cannot be understood: kept for people to look at, out of the way.
enum DamagedFile {
    static func setAside(_ path: String) {
        // If it cannot be moved it will be replaced by what is written next all the same.
        try? FileManager.default.removeItem(atPath: path + ".damaged")
        try? FileManager.default.moveItem(atPath: path, toPath: path + ".damaged")
    }
}
