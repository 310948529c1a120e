/// What a server of an ensemble knows of itself and the others; all are on this machine.
package struct EnsembleMembership: Hashable, Sendable {
    /// One server, as all of them know it.
    package struct Member: Hashable, Sendable {
        /// From 1 on.
        package let id: Int
        /// Where followers reach it when it leads.
        package let quorumPort: Int
        package let electionPort: Int

        package init(id: Int, quorumPort: Int, electionPort: Int) {
            self.id = id
            self.quorumPort = quorumPort
            self.electionPort = electionPort
        }
    }

    /// This server's.
    package let id: Int
    /// All of them, this one included.
    package let members: [Member]

    package init(id: Int, members: [Member]) {
        self.id = id
        self.members = members
    }

    /// Lines of zoo.cfg. The limits are ZooKeeper's customary 10 and 5 ticks, but never less than 20 s and 5 s: with
    /// the short ticks of tests a busy machine would look like a lost follower.
    func properties(tickTimeMilliseconds: Int) -> [String] {
        let tick = max(1, tickTimeMilliseconds)
        return ["initLimit=\(max(10, 20_000 / tick))", "syncLimit=\(max(5, 5_000 / tick))"]
            + members.map { "server.\($0.id)=127.0.0.1:\($0.quorumPort):\($0.electionPort)" }
    }
}
