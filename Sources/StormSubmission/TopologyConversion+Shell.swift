package import StormThrift

extension TopologyConversion {
    /// The command of every shell component by its name: exactly the two texts that were submitted, `execution_command`
    /// and `script`, as two arguments (the second may be empty; it is left out when there is none).
    package static func shellCommands(_ topology: Thrift.StormTopology) -> [String: [String]] {
        var commands: [String: [String]] = [:]
        for (id, spout) in topology.spouts { commands[id] = command(spout.spoutObject) }
        for (id, bolt) in topology.bolts { commands[id] = command(bolt.boltObject) }
        return commands
    }

    private static func command(_ object: Thrift.ComponentObject) -> [String]? {
        guard case .shell(let shell) = object else { return nil }
        return [shell.executionCommand ?? "", shell.script].compactMap(\.self)
    }
}

extension Thrift.StormTopology {
    /// A topology as nimbus stores it, and as Petrel packs it: the struct in the binary protocol, without a frame.
    /// - Throws: `ThriftError`.
    package init(stored bytes: [UInt8]) throws {
        var reader = ThriftReader(bytes: bytes, limits: ThriftLimits(frameBytesMax: max(1, bytes.count)))
        self = try Thrift.StormTopology(from: &reader)
    }
}
