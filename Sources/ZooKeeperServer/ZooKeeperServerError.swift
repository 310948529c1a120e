/// Why a ZooKeeper server did not start or stop; the text says what to do.
package struct ZooKeeperServerError: Error, CustomStringConvertible, Sendable {
    package struct Code: Hashable, Sendable {
        package let name: String
        package init(_ name: String) { self.name = name }

        package static let javaMissing = Code("java missing")
        package static let jarsMissing = Code("ZooKeeper jars missing")
        package static let portInUse = Code("port in use")
        package static let diedAtStart = Code("died at start")
        package static let notReadyInTime = Code("not ready in time")
        package static let badState = Code("state folder not usable")
    }

    package let code: Code
    package let message: String
    /// The last lines of the server's log, where there are any.
    package let lastLogLines: [String]

    package init(_ code: Code, _ message: String, lastLogLines: [String] = []) {
        self.code = code
        self.message = message
        self.lastLogLines = lastLogLines
    }

    package var description: String {
        lastLogLines.isEmpty ? message : "\(message); last lines of its log:\n" + lastLogLines.joined(separator: "\n")
    }
}
