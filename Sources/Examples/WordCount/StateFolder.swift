import Glibc
import Storm

/// Where the tasks of one run keep what must survive a crash: `FILE.state/<topology id>/`.
///
/// The id is new with each submission, so no run goes on with the state of an older one, and a restarted worker finds its own. A
/// local run lives and dies with its process: its folder is named for that. The folder is removed at the end.
struct StateFolder {
    let path: String
    let isLocal: Bool
    /// Names this process; the time too, since process numbers come again.
    private static let localName = "local-\(getpid())-\(time(nil))-\(UInt32.random(in: 0 ... .max))"

    /// - Returns: nil without an output file: then nothing is kept.
    init?(output: String?, _ context: TaskContext) throws {
        guard let output else { return nil }
        isLocal = context.workerPort == 0
        let all = output + ".state"
        path = all + "/" + (isLocal ? Self.localName : context.topologyID)
        for folder in [all, path] where mkdir(folder, 0o755) != 0 && errno != EEXIST {
            throw FileError("cannot make the folder", folder)
        }
    }

    func lines(_ taskIndex: Int) -> String { "\(path)/lines-\(taskIndex)" }
    func counts(_ taskIndex: Int) -> String { "\(path)/count-\(taskIndex)" }

    /// Deletes the folder, and the one around it unless other runs have state there.
    func remove() throws {
        guard let listing = opendir(path) else { return }
        var names: [String] = []
        while let entry = readdir(listing) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        closedir(listing)
        for name in names where name != "." && name != ".." {
            guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else {
                throw FileError("cannot remove", "\(path)/\(name)")
            }
        }
        guard rmdir(path) == 0 || errno == ENOENT else { throw FileError("cannot remove", path) }
        // Fails while another run uses it, which is right.
        _ = rmdir(TextFile.parent(path))
    }
}
