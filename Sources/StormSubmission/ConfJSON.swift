import FoundationEssentials
package import StormCore

/// Topology configurations as texts of JSON objects, the form in which they are submitted and stored.
package enum ConfJSON {
    /// - Throws: `InvalidTopologyError` when it is not a JSON object. An empty text is an empty configuration.
    package static func parse(_ text: String, component: String = "") throws -> [String: ConfigValue] {
        if text.isEmpty { return [:] }
        do {
            return try JSONDecoder().decode([String: ConfigValue].self, from: Data(text.utf8))
        } catch {
            throw InvalidTopologyError([TopologyFault(component: component, "its configuration is not a JSON object")])
        }
    }

    /// Sorted keys, so that equal configurations give equal texts.
    /// - Throws: `InvalidTopologyError` for a number that JSON cannot express.
    package static func text(_ configuration: [String: ConfigValue], component: String = "") throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(configuration), as: UTF8.self)
        } catch {
            throw InvalidTopologyError([
                TopologyFault(component: component, "its configuration has a number that is not finite")
            ])
        }
    }
}
