internal import StormArchive
internal import StormProcess

/// What an archive holds for the processes of shell components.
enum Resources {
    /// Name of the folder, in the archive and beside the code. The library of Petrel wants the path to end so.
    static let folder = "resources"

    /// Unpacks the archive's folder `resources` into a new one of that name; an archive without one gives an empty one.
    /// Suspends meanwhile; no task thread waits for the disk.
    /// - Returns: the folder's name; nil when the code is no archive.
    /// - Throws: ``SupervisorError`` `badArchive`.
    static func unpack(_ code: String, into directory: String, limits: UnpackPlan.Limits) async throws -> String? {
        guard ZipFile.isZip(SystemFile.read(code, bytesMax: 4) ?? []) else { return nil }
        do {
            try await DiskWork.run {
                try ZipFile(code).unpack(below: folder, into: "\(directory)/\(folder)", limits: limits)
            }
        } catch {
            throw SupervisorError(.badArchive, "the uploaded archive cannot be unpacked: \(error)")
        }
        return folder
    }
}
