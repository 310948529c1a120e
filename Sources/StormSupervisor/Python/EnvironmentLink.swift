internal import FoundationEssentials
internal import Glibc
internal import StormProcess

/// A symbolic link that names an environment's folder.
enum EnvironmentLink {
    /// Where it leads; nil: there is none.
    static func read(_ link: String) -> String? {
        // No link: no environment.
        try? FileManager.default.destinationOfSymbolicLink(atPath: link)
    }

    /// Puts a link in the place of the one that is there.
    /// - Throws: ``SupervisorError``; what kept the link from being made.
    static func replace(_ link: String, with folder: String) throws {
        let temporary = "\(link).\(UUID().uuidString)"
        try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: folder)
        guard rename(temporary, link) == 0 else {
            unlink(temporary)
            throw SupervisorError(.badState, "cannot make the link \(link)")
        }
    }

    /// Without a link there is nothing to do.
    /// - Throws: ``SupervisorError``.
    static func remove(_ link: String) throws {
        guard unlink(link) == 0 || errno == ENOENT else {
            throw SupervisorError(.badState, "cannot remove the link \(link)")
        }
    }
}
