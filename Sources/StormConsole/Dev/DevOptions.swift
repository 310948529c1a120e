/// What `storm dev` was asked for.
package struct DevOptions: Equatable, Sendable {
    /// Folder of everything; nil: a temporary one.
    package var folder: String?
    /// nil: any free one.
    package var zookeeperPort: Int?
    package var nimbusPort: Int?
    package var uiPort: Int?
    package var supervisors: Int
    /// Slots of each supervisor.
    package var slots: Int
    /// Whether a temporary folder stays when the cluster is taken down. A folder that was named always stays.
    package var keeps: Bool

    package init(
        folder: String? = nil, zookeeperPort: Int? = nil, nimbusPort: Int? = nil, uiPort: Int? = nil,
        supervisors: Int = 1, slots: Int = 4, keeps: Bool = false
    ) {
        self.folder = folder
        self.zookeeperPort = zookeeperPort
        self.nimbusPort = nimbusPort
        self.uiPort = uiPort
        self.supervisors = supervisors
        self.slots = slots
        self.keeps = keeps
    }

    /// - Throws: the first number that is out of its range.
    package func check() throws(CommandFailure) {
        guard (0...64).contains(supervisors) else {
            throw .usage("--supervisors \(supervisors): must be from 0 to 64")
        }
        guard (1...256).contains(slots) else { throw .usage("--slots \(slots): must be from 1 to 256") }
        for (name, port) in [
            ("--zookeeper-port", zookeeperPort), ("--nimbus-port", nimbusPort), ("--ui-port", uiPort),
        ] {
            if let port, !(1...65535).contains(port) {
                throw .usage("\(name) \(port): must be from 1 to 65535; leave it out for any free port")
            }
        }
        if let zookeeperPort, zookeeperPort == nimbusPort {
            throw .usage("--zookeeper-port and --nimbus-port are both \(zookeeperPort): they must differ")
        }
        if let uiPort, uiPort == zookeeperPort || uiPort == nimbusPort {
            throw .usage("--ui-port \(uiPort) is another daemon's too: they must differ")
        }
    }
}
