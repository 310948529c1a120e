import StormCore
import StormMultilang
import StormSubmission
package import StormThrift
package import StormTopology

/// Topologies that arrive as Thrift structs and consist of shell components: the `storm` program itself runs them.
package enum ShellTopology {
    /// - Parameter resources: the folder with the components' files; each component's process starts there.
    /// - Throws: `InvalidTopologyError`: what nimbus refuses, too.
    package static func build(_ stored: Thrift.StormTopology, resources: String) throws -> Topology {
        let description = try TopologyConversion.description(stored)
        let commands = TopologyConversion.shellCommands(stored)
        let builder = TopologyBuilder()
        for component in description.components {
            if builder.addShipped(component) { continue }
            guard let command = commands[component.id] else {
                throw InvalidTopologyError([
                    TopologyFault(
                        component: component.id, "is no shell component: only the topology's own program has it")
                ])
            }
            builder.add(component, ShellComponent(command: command, workingDirectory: resources))
        }
        return try builder.build()
    }
}
