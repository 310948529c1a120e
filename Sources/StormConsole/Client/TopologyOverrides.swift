import FoundationEssentials
package import StormCore

/// New settings of a running topology as `storm rebalance` takes them: `-t JSON`, and over it `-c key=value`. Pure.
package enum TopologyOverrides {
    /// - Parameters:
    ///   - json: the text of a JSON object; nil for none.
    ///   - config: of the command: from its `-c` options those count that are a topology's, or of no key of this system.
    ///     The others (`nimbus.seeds`, …) are the command's own.
    /// - Throws: what is wrong with the JSON.
    package static func parse(json: String?, config: Config) throws(CommandFailure) -> [String: ConfigValue] {
        var overrides: [String: ConfigValue] = [:]
        if let json {
            do {
                overrides = try JSONDecoder().decode([String: ConfigValue].self, from: Data(json.utf8))
            } catch {
                throw .usage("-t: it must be a JSON object such as {\"topology.max.spout.pending\": 500}")
            }
        }
        for (name, value) in config.explicit {
            guard case .commandLine = config.origin(named: name) else { continue }
            if name.hasPrefix("topology.") || ConfigKeys.byName[name] == nil { overrides[name] = value }
        }
        return overrides
    }
}
