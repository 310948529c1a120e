import Glibc

/// Where a child leaves a file named by its pid, as the protocol wants it.
struct PidFolder {
    let path: String

    /// A folder `pids` of the worker's own, or a temporary one.
    init(isWorker: Bool) throws(MultilangError) {
        if isWorker {
            var buffer = [CChar](repeating: 0, count: 4096)
            guard getcwd(&buffer, buffer.count) != nil else { throw MultilangError("there is no working directory") }
            let folder =
                String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/pids"
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                throw MultilangError("cannot make the folder \(folder): error \(errno)")
            }
            path = folder
        } else {
            var template = Array("/tmp/storm-pids-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else {
                throw MultilangError("cannot make a folder in /tmp: error \(errno)")
            }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    func remove(_ pid: Int32) { _ = unlink("\(path)/\(pid)") }
    /// Fails, as it should, while there are files of others.
    func removeIfEmpty() { _ = rmdir(path) }
}
