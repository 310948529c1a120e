extension Config {
    /// `storm.zookeeper.servers`, each as `host:port`; a server without a port of its own gets `storm.zookeeper.port`.
    package var zookeeperAddresses: [String] {
        self[.stormZookeeperServers].map { Self.address($0, defaultPort: self[.stormZookeeperPort]) }
    }

    /// `host`, `host:port`, `[v6]:port`, or a bare IPv6 address (several colons, so no port).
    static func address(_ server: String, defaultPort: Int) -> String {
        if server.hasPrefix("[") { return server.hasSuffix("]") ? "\(server):\(defaultPort)" : server }
        return switch server.filter({ $0 == ":" }).count {
        case 0: "\(server):\(defaultPort)"
        case 1: server
        default: "[\(server)]:\(defaultPort)"
        }
    }
}
