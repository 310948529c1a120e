import StormCore
import StormTopology

@testable import StormFlux

/// Loads topologies from memory.
enum FluxFixtures {
    static let spouts = """
        spouts:
          - id: lines
            className: org.apache.storm.flux.wrappers.spouts.FluxShellSpout
            constructorArgs: [[python3, lines.py], [line]]

        """
    static let bolts = """
        bolts:
          - id: split
            className: org.apache.storm.flux.wrappers.bolts.FluxShellBolt
            constructorArgs: [[python3, split.py], [word]]

        """
    static let streams = """
        streams:
          - {from: lines, to: split, grouping: {type: SHUFFLE}}

        """
    static let whole = "name: words\n" + spouts + bolts + streams

    static func load(
        _ files: [String: String], _ path: String = "topology.yaml", isResource: Bool = false,
        substitution: FluxSubstitution = FluxSubstitution()
    ) throws(FluxFaults) -> FluxTopology {
        let loader = FluxLoader(substitution: substitution) { (path, isResource) throws(FluxReadFailure) in
            guard let text = files[isResource ? "resource:" + path : path] else {
                throw FluxReadFailure("\(path): No such file", isMissing: true)
            }
            return text
        }
        return try loader.load(path, isResource: isResource)
    }

    static func load(_ text: String) throws(FluxFaults) -> FluxTopology { try load(["topology.yaml": text]) }

    /// As the command loads a topology: with all that is wrong.
    private static func load(_ text: String, with components: FluxComponents) throws(FluxFaults) -> FluxTopology {
        let loader = FluxLoader { (path, _) throws(FluxReadFailure) in text }
        return try loader.load("topology.yaml") {
            FluxAssembly($0, components, shellFolder: nil, isTrial: true).faults(besides: $1)
        }
    }

    /// What is wrong; empty when nothing is.
    static func faults(_ text: String, _ components: FluxComponents? = nil) -> [String] {
        do throws(FluxFaults) {
            if let components {
                _ = try FluxAssembly(
                    try load(text, with: components), components, shellFolder: nil, isTrial: true
                ).build()
            } else {
                _ = try load(text)
            }
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }
}
