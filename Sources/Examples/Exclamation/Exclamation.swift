import ArgumentParser
import Storm

/// The smallest topology: random words get three exclamation marks, then three more.
///
/// ```
/// Exclamation local --count 1000     # in this process, until 1000 words came through
/// storm jar Exclamation shout        # on a cluster; see the worker's log
/// ```
@main
struct Exclamation: StormTopology {
    @Option(help: "Stop when so many words were acked; without it the words never end.")
    var count: Int?

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count is \(count); it must be at least 1") }
    }

    func build(_ topology: TopologyBuilder) throws {
        let count = count
        topology.spout("word") { RandomWords(count: count) }
        topology.bolt("exclaim1", parallelism: 3) { Exclaim() }.shuffle("word")
        topology.bolt("exclaim2", parallelism: 2) { Exclaim() }.shuffle("exclaim1")
        topology.bolt("show") { Show() }.global("exclaim2")
        topology.set("topology.max.spout.pending", 1000)
    }
}
