import ArgumentParser
import Storm

@main
struct Exclamation: StormTopology {
    func build(_ topology: TopologyBuilder) throws {}
}
