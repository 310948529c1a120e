import StormProcess

extension DevPlan.Ports {
    /// The given ports and free ones for the rest; all different.
    /// - Throws: a given port that is taken, or no free port.
    package static func choose(_ options: DevOptions) throws -> DevPlan.Ports {
        for (name, port) in [
            ("ZooKeeper", options.zookeeperPort), ("nimbus", options.nimbusPort), ("the web page", options.uiPort),
        ] {
            if let port, !FreePort.isFree(port) {
                throw CommandFailure(
                    "port \(port) for \(name) is in use; stop what listens there (ss -ltnp 'sport = :\(port)'), or leave "
                        + "the option out for a free port")
            }
        }
        var taken = Set([options.zookeeperPort, options.nimbusPort, options.uiPort].compactMap { $0 })
        func free() throws -> Int {
            // Two questions in a row may get the same answer: the port is free until somebody listens there.
            for _ in 0..<1000 {
                let port = try FreePort.find()
                if taken.insert(port).inserted { return port }
            }
            throw CommandFailure("no free port found on this machine")
        }
        return DevPlan.Ports(
            zookeeper: try options.zookeeperPort ?? free(), nimbus: try options.nimbusPort ?? free(),
            ui: try options.uiPort ?? free(), logviewer: try free(),
            slots: try (0..<options.supervisors).map { _ in try (0..<options.slots).map { _ in try free() } })
    }
}
