import StormCluster
package import StormRuntime

/// Where the links to logs of Storm's REST interface lead, as text:
///
/// - `/api/v1/log?file=ID/PORT/worker.log`: a worker's log (`workerLogLink`);
/// - `/api/v1/daemonlog?file=nimbus.log`: that of a daemon of this machine (`nimbusLogLink`, `logLink`).
///
/// `start` (default: as much as `length` from the end), `length` (51200 unless set, at most 4194304 bytes), `grep` (only lines
/// with a text, or `/expression/`). Daemons of one machine may have a log folder each, all below this one; where several of them
/// have a file of the name, as the supervisors of `storm dev` do, each comes below a line with its folder.
package struct LogLinkPages: PageSource {
    /// `storm.log.dir`, absolute.
    private let logs: String

    package init(logs: String) { self.logs = logs }

    package var titles: [PageTitle] {
        [
            PageTitle("/api/v1/log", "the end of a worker's log: ?file=ID/PORT/worker.log"),
            PageTitle("/api/v1/daemonlog", "the end of a daemon's log: ?file=supervisor.log"),
        ]
    }

    package func page(_ path: String, query: [String: String]) async -> Page? {
        guard path == "/api/v1/log" || path == "/api/v1/daemonlog" else { return nil }
        do {
            let part = try LogLinkPart(query)
            guard let file = query["file"], !file.isEmpty else { throw LogQuery.Refusal(text: "file is missing") }
            let found = try path == "/api/v1/log" ? workerFiles(file) : daemonFiles(file)
            guard !found.isEmpty else { return .text("there is no log file \(file) on this machine\n", status: 404) }
            let texts = found.map { place, file in
                (found.count == 1 ? "" : "==> \(place) <==\n") + part.text(file)
            }
            return .text(texts.joined(separator: "\n"))
        } catch {
            return .text(((error as? LogQuery.Refusal)?.text ?? "\(error)") + "\n", status: 400)
        }
    }

    /// The one with the logs of all daemons, and those below it, which may be those of one daemon each.
    private var folders: [(String, Folder)] {
        guard let root = Folder(logs) else { return [] }
        let below = root.names.compactMap { name in Folder(name, in: root).map { (name, $0) } }
        return [("", root)] + below
    }

    private func workerFiles(_ text: String) throws(LogQuery.Refusal) -> [(String, OpenLogFile)] {
        guard let name = LogFileName(text) ?? Self.unescaped(text) else {
            throw LogQuery.Refusal(
                text: "file=\(text): a log file is <topology id>/<port>/worker.log[.out|.err][.NUMBER]")
        }
        for (place, _) in folders {
            let folder = LogFolder(logs: place.isEmpty ? logs : "\(logs)/\(place)")
            if let file = folder.open(name) { return [(text, file)] }
        }
        return []
    }

    /// In links the topology's id is written as it is, on the disk so that any is a file name.
    private static func unescaped(_ text: String) -> LogFileName? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        return LogFileName("\(ClusterPaths.escape(String(parts[0])))/\(parts[1])/\(parts[2])")
    }

    private func daemonFiles(_ name: String) throws(LogQuery.Refusal) -> [(String, OpenLogFile)] {
        guard Self.isDaemonLog(name) else {
            throw LogQuery.Refusal(
                text: "file=\(name): a daemon's log is a name such as nimbus.log or supervisor.log.1")
        }
        return folders.compactMap { place, folder in
            folder.file(name).map { (place.isEmpty ? name : "\(place)/\(name)", $0) }
        }
    }

    /// `<word>.log`, or that with a number.
    static func isDaemonLog(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts[1] == "log", name.utf8.count <= 100 else { return false }
        let isWord =
            !parts[0].isEmpty
            && parts[0].utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || byte == UInt8(ascii: "-")
            }
        return isWord && (parts.count == 2 || Int(parts[2]).map { "\($0)" == parts[2] && $0 > 0 } ?? false)
    }
}

/// Which part of a file a link asks for.
private struct LogLinkPart {
    private static let lengthDefault = 51_200
    private static let lengthMax = 4 << 20

    private let start: Int?
    private let length: Int
    private let pattern: LinePattern?

    init(_ query: [String: String]) throws {
        start = try Self.number("start", query)
        length = min(try Self.number("length", query) ?? Self.lengthDefault, Self.lengthMax)
        pattern = if let grep = query["grep"], !grep.isEmpty { try LinePattern(grep) } else { nil }
    }

    private static func number(_ name: String, _ query: [String: String]) throws(LogQuery.Refusal) -> Int? {
        guard let text = query[name], !text.isEmpty else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw LogQuery.Refusal(text: "\(name)=\(text): a number of bytes")
        }
        return number
    }

    /// Without the line that the end's beginning cuts.
    func text(_ file: OpenLogFile) -> String {
        let offset = start ?? max(0, file.bytes - length)
        var bytes = file.read(from: offset, count: length)[...]
        if start == nil, offset > 0, let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            bytes = bytes[bytes.index(after: end)...]
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let pattern else { return text }
        let deadline = ContinuousClock.now + .seconds(1)
        var found = ""
        for line in text.split(separator: "\n") {
            guard ContinuousClock.now < deadline else {
                return found + "(the search took too long and ends here: ask for a part, with start and length)\n"
            }
            if pattern.matches(String(line)) { found += line + "\n" }
        }
        return found
    }
}
