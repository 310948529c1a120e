import ArgumentParser
import Storm

@main
struct StreamRouting: StormTopology {
    func build(_ topology: TopologyBuilder) throws {}
}
