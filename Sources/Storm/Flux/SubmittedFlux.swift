import ArgumentParser
import StormFlux
import StormTopology

/// A YAML topology as a worker of the program with its components builds it again: the text travels as an argument.
struct SubmittedFlux<P: FluxProgram>: StormTopology {
    @Option(help: "The topology, as submitted.")
    var document: String

    @Option(help: "Where shell components start.")
    var resources: String?

    func build(_ topology: TopologyBuilder) throws {
        let flux = try FluxTopology(travelText: document)
        try FluxAssembly(flux, P.components, shellFolder: resources, isTrial: false).build(into: topology)
    }
}
