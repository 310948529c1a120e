/// Which log files have to go. Pure.
///
/// Storm's three rules (`logviewer.cleanup.age.mins`, `logviewer.max.per.worker.logs.size.mb`,
/// `logviewer.max.sum.worker.logs.size.mb`): what is too old, then the oldest of a worker that has too much, then the
/// oldest of all. A file that a running worker writes to never goes.
package struct LogCleanup: Hashable, Sendable {
    package struct Limits: Hashable, Sendable {
        package var ageMilliseconds: Int64
        package var workerBytesMax: Int
        package var sumBytesMax: Int

        package init(ageMilliseconds: Int64, workerBytesMax: Int, sumBytesMax: Int) {
            self.ageMilliseconds = ageMilliseconds
            self.workerBytesMax = workerBytesMax
            self.sumBytesMax = sumBytesMax
        }
    }

    /// A worker's place: all that ever ran there for one topology share a folder.
    package struct Place: Hashable, Sendable {
        package var topologyID: String
        package var port: Int

        package init(topologyID: String, port: Int) {
            self.topologyID = topologyID
            self.port = port
        }
    }

    package let limits: Limits

    package init(_ limits: Limits) { self.limits = limits }

    /// - Parameters:
    ///   - listings: all files of the machine.
    ///   - live: where a worker runs, or may run.
    ///   - now: epoch milliseconds.
    /// - Returns: the files to delete, by name.
    package func due(_ listings: [LogListing], live: Set<Place>, now: Int64) -> [String] {
        var kept: [(info: LogFileInfo, place: Place)] = []
        var due: Set<String> = []
        for listing in listings {
            for info in listing.files {
                let place = Place(topologyID: listing.topologyID, port: info.port)
                if !isInUse(info, place, live), now - info.modifiedMilliseconds > limits.ageMilliseconds {
                    due.insert(info.file)
                } else {
                    kept.append((info, place))
                }
            }
        }
        // Of two files of the same moment the one that was set aside earlier is older.
        kept.sort {
            ($0.info.modifiedMilliseconds, -$0.info.rotation, $0.info.file)
                < ($1.info.modifiedMilliseconds, -$1.info.rotation, $1.info.file)
        }
        var sums: [Place: Int] = [:]
        for file in kept { sums[file.place, default: 0] += file.info.bytes }
        for file in kept where sums[file.place, default: 0] > limits.workerBytesMax {
            guard !isInUse(file.info, file.place, live) else { continue }
            due.insert(file.info.file)
            sums[file.place, default: 0] -= file.info.bytes
        }
        var sum = sums.values.reduce(0, +)
        for file in kept where sum > limits.sumBytesMax && !due.contains(file.info.file) {
            guard !isInUse(file.info, file.place, live) else { continue }
            due.insert(file.info.file)
            sum -= file.info.bytes
        }
        return due.sorted()
    }

    private func isInUse(_ info: LogFileInfo, _ place: Place, _ live: Set<Place>) -> Bool {
        info.rotation == 0 && live.contains(place)
    }
}
