package import StormLogs

/// The files of one stream of a worker's place, from the oldest to the one that is written to: one run of lines.
package struct LogChain: Hashable, Sendable {
    package struct Key: Hashable, Comparable, Sendable {
        /// Who shows the files.
        package var place: WorkerPlace
        /// Of the worker.
        package var port: Int
        package var stream: LogStream

        package init(place: WorkerPlace, port: Int, stream: LogStream) {
            self.place = place
            self.port = port
            self.stream = stream
        }

        package static func < (a: Key, b: Key) -> Bool {
            (a.place, a.port, a.stream) < (b.place, b.port, b.stream)
        }

        package var worker: WorkerPlace { WorkerPlace(host: place.host, port: port) }
    }

    package var key: Key
    /// The oldest first; at least one.
    package var files: [LogFileInfo]

    /// The chains of a machine's listing.
    package static func chains(_ listing: LogListing, from place: WorkerPlace) -> [LogChain] {
        var files: [Key: [LogFileInfo]] = [:]
        for file in listing.files {
            files[Key(place: place, port: file.port, stream: file.stream), default: []].append(file)
        }
        return files.map { LogChain(key: $0.key, files: $0.value.sorted { $0.rotation > $1.rotation }) }
            .sorted { $0.key < $1.key }
    }

    /// Two supervisors that share a log folder show the same files: only the first of them is read.
    package static func distinct(_ chains: [LogChain]) -> [LogChain] {
        struct File: Hashable {
            var host: String
            var id: String
        }
        var seen: Set<File> = []
        return chains.sorted { $0.key < $1.key }.filter { chain in
            let files = chain.files.map { File(host: chain.key.place.host, id: $0.id) }
            defer { seen.formUnion(files) }
            return seen.isDisjoint(with: files)
        }
    }

    /// Where reading begins: files that were not written to since then are left out.
    package func start(sinceMilliseconds since: Int64?) -> LogCursor {
        let first = files.first { since == nil || $0.modifiedMilliseconds >= since! } ?? files[files.count - 1]
        let offset = since.map { first.modifiedMilliseconds < $0 } == true ? first.bytes : 0
        return LogCursor(file: first.file, id: first.id, offset: offset)
    }

    /// The end of what there is.
    package var end: LogCursor {
        let last = files[files.count - 1]
        return LogCursor(file: last.file, id: last.id, offset: last.bytes)
    }

    /// Whether there is more than what was read up to the cursor.
    package func isBeyond(_ cursor: LogCursor) -> Bool {
        let last = files[files.count - 1]
        return cursor.id != last.id || cursor.offset != last.bytes
    }
}
