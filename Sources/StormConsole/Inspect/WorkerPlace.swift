/// Where a worker answers.
package struct WorkerPlace: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package static func < (a: WorkerPlace, b: WorkerPlace) -> Bool { (a.host, a.port) < (b.host, b.port) }
    package var description: String { "\(host):\(port)" }
}
