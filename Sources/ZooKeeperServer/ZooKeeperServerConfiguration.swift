/// How to run a ZooKeeper server; the defaults suit development on one machine.
package struct ZooKeeperServerConfiguration: Sendable {
    /// Data, configuration and log; made if missing. `nil`: a new temporary folder, removed by
    /// ``ZooKeeperServer/remove()``.
    package var stateDirectory: String?
    /// `nil`: a free one.
    package var port: Int?
    package var listensOnAllInterfaces = false
    /// ZooKeeper's unit of time; sessions are checked at this rate.
    package var tickTimeMilliseconds = 2000
    /// `nil`: 2 ticks, ZooKeeper's own rule.
    package var minSessionTimeoutMilliseconds: Int?
    /// `nil`: 20 ticks, ZooKeeper's own rule.
    package var maxSessionTimeoutMilliseconds: Int?
    package var heapMegabytes = 128
    /// More arguments for the Java machine, after ours.
    package var jvmArguments: [String] = []
    /// `false` skips fsync: faster, and data may be lost when the *machine* crashes (not when the process does).
    package var isDurable = true
    package var startDeadline: Duration = .seconds(60)
    /// The kernel ends the server when this program ends, however it ends.
    package var endsWithParent = true
    /// `nil`: a server of its own. Set by ``ZooKeeperEnsemble``.
    package var membership: EnsembleMembership?

    package init() {}

    /// Short ticks and no fsync, in a temporary folder on a free port: for tests. Sessions from 400 ms to 60 s.
    package static var forTests: Self {
        var configuration = Self()
        configuration.tickTimeMilliseconds = 200
        configuration.minSessionTimeoutMilliseconds = 400
        configuration.maxSessionTimeoutMilliseconds = 60_000
        configuration.isDurable = false
        return configuration
    }

    /// The text of zoo.cfg.
    func propertiesText(dataDirectory: String, port: Int) -> String {
        var lines = [
            "# Written at every start; changes here are lost.",
            "tickTime=\(tickTimeMilliseconds)",
            "dataDir=\(dataDirectory)",
            "clientPort=\(port)",
            "clientPortAddress=\(listensOnAllInterfaces ? "0.0.0.0" : "127.0.0.1")",
            "maxClientCnxns=0",
            "admin.enableServer=false",
            "4lw.commands.whitelist=ruok,srvr,stat,mntr,cons,wchs",
            "autopurge.snapRetainCount=3",
            "autopurge.purgeInterval=1",
        ]
        if let limit = minSessionTimeoutMilliseconds { lines.append("minSessionTimeout=\(limit)") }
        if let limit = maxSessionTimeoutMilliseconds { lines.append("maxSessionTimeout=\(limit)") }
        if let membership { lines += membership.properties(tickTimeMilliseconds: tickTimeMilliseconds) }
        return lines.joined(separator: "\n") + "\n"
    }
}
