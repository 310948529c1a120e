/// How a client reaches its ensemble, and its limits.
public struct ZooKeeperConfiguration: Sendable {
    /// `host:port` of each server. Names are resolved when a handle is opened, i.e. once per session.
    public var servers: [String]
    /// Asked of the server, which clamps it to 2–20 of its ticks. How long a session survives without contact.
    public var sessionTimeout: Duration = .seconds(20)
    /// How long `connect` waits for the first session.
    public var connectTimeout: Duration = .seconds(15)
    /// Deadline of each call, waiting for a connection included. `nil`: the session timeout.
    public var operationTimeout: Duration?
    /// The path that is `/` to this client.
    public var chroot = "/"
    /// Whether `connect` makes the chroot's nodes when they are missing.
    public var createsChroot = false
    /// Identities for each session, before its first call: scheme (`digest`) and credential (`user:password`).
    public var authentications: [ZooKeeperAuthentication] = []
    /// Calls sent and not yet answered.
    public var inFlightMax = 1024
    /// Calls waiting for a free slot or for a connection; one more fails with `overloaded`.
    public var waitingMax = 16_384
    /// Greatest data of a node, and of a whole `multi`. The server's limit for a packet is 1 MiB
    /// (`jute.maxbuffer`), and it cuts the connection above it.
    public var dataBytesMax = 1_048_576 - 4096
    /// Waits between attempts to open a handle.
    public var reopenBackoff = Backoff(first: .milliseconds(100), max: .seconds(5))

    public init(servers: [String]) { self.servers = servers }

    /// What is wrong with the values; empty when nothing is.
    var faults: [String] {
        var faults: [String] = []
        if servers.isEmpty { faults.append("servers is empty") }
        for server in servers where !Self.isHostAndPort(server) {
            faults.append("server \"\(server)\" is not host:port")
        }
        if sessionTimeout < .milliseconds(100) { faults.append("sessionTimeout is below 100 ms") }
        if let operationTimeout, operationTimeout < .milliseconds(10) {
            faults.append("operationTimeout is below 10 ms")
        }
        if let fault = ZNodePath.fault(in: chroot) { faults.append("chroot \"\(chroot)\" \(fault)") }
        if inFlightMax < 1 { faults.append("inFlightMax is below 1") }
        if waitingMax < 1 { faults.append("waitingMax is below 1") }
        return faults
    }

    private static func isHostAndPort(_ text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex else { return false }
        guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else { return false }
        return !text.contains(where: { $0 == "," || $0 == "/" || $0.isWhitespace })
    }
}

/// An identity for `auth` and `digest` ACLs. Prints masked.
public struct ZooKeeperAuthentication: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    public let scheme: String
    let credential: [UInt8]

    public init(scheme: String, credential: [UInt8]) {
        self.scheme = scheme
        self.credential = credential
    }

    public static func digest(user: String, password: String) -> ZooKeeperAuthentication {
        ZooKeeperAuthentication(scheme: "digest", credential: Array("\(user):\(password)".utf8))
    }

    public var description: String { "\(scheme):***" }
    public var debugDescription: String { description }
}
