import StormCore
package import StormRuntime

/// The log files of all workers of a machine as pages, of those that are gone too:
///
/// - `/logs`: the topologies that have some (`LogTopologies`);
/// - `/logs?topology=ID`: a topology's files (`LogListing`);
/// - `/log?file=ID/PORT/worker.log`: a piece of one (`LogPiece`). `offset` (default: the beginning), `bytes` (of the file,
///   4096 to 4194304), `id` (the file that had this name), `rest=1` (what has no line end yet is a line), `before_ms`
///   (the time of the line before); only lines with `component`, of at least `level`, with `grep` (a text, or
///   `/expression/`), not before `since_ms`. `direction=back` reads the piece before `offset` (default: the end).
///   `format=text` gives nothing but the lines' texts.
package struct LogPages: PageSource {
    private let folder: LogFolder
    private let reader: LogReader

    package init(_ folder: LogFolder) {
        self.folder = folder
        reader = LogReader(folder)
    }

    package var titles: [PageTitle] {
        [
            PageTitle("/logs", "the log files of this machine's workers; ?topology=ID lists those of one"),
            PageTitle("/log", "a piece of a log file: ?file=ID/PORT/worker.log"),
        ]
    }

    package func page(_ path: String, query: [String: String]) async -> Page? {
        switch path {
        case "/logs":
            guard let topology = query["topology"], !topology.isEmpty else { return .json(folder.topologies()) }
            return .json(folder.files(topology))
        case "/log":
            do throws(LogQuery.Refusal) {
                return try piece(try LogQuery.request(query), asText: query["format"] == "text")
            } catch {
                return .text(error.text + "\n", status: 400)
            }
        default: return nil
        }
    }

    private func piece(_ request: LogReader.Request, asText: Bool) throws(LogQuery.Refusal) -> Page {
        do throws(LinePattern.Fault) {
            guard let piece = try reader.piece(request) else {
                return .text("there is no log file \(request.name); /logs lists them\n", status: 404)
            }
            guard asText else { return .json(piece) }
            return .text(piece.lines.map { $0.plainText + "\n" }.joined())
        } catch {
            throw LogQuery.Refusal(text: "grep: \(error)")
        }
    }
}
