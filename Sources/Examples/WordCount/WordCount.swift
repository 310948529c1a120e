import ArgumentParser
import Storm

@main
struct WordCount: StormTopology {
    func build(_ topology: TopologyBuilder) throws {}
}
