import ArgumentParser
import Storm

/// A program that is fine with a topology that is not: `bad-input.sh` submits it and expects to be told what is wrong.
@main
struct BrokenTopology: StormTopology {
    @Argument(help: "missing-components or duplicate-component")
    var fault: String

    func build(_ topology: TopologyBuilder) throws {
        topology.spout("source") { Silence() }
        switch fault {
        case "missing-components":
            // A cycle that nothing feeds, and an input from a component that does not exist.
            topology.bolt("there") { Sink() }.shuffle("back")
            topology.bolt("back") { Sink() }.shuffle("there").shuffle("nowhere")
        case "duplicate-component":
            topology.bolt("sink") { Sink() }.shuffle("source")
            topology.bolt("sink") { Sink() }.shuffle("source")
        default:
            throw ValidationError("no fault is called '\(fault)'")
        }
    }
}

private final class Silence: Spout {
    static let outputs: Outputs = ["nothing"]

    func nextTuple(_ out: SpoutCollector) {}
}

private final class Sink: BasicBolt {
    static let outputs: Outputs = ["nothing"]

    func execute(_ tuple: Tuple, _ out: BasicCollector) {}
}
