import ArgumentParser
import Storm

/// Proves that nothing is lost: numbered messages, and a diary of all that happened to each.
///
/// ```
/// storm jar Checker check --folder /shared/check --rate 10000 -c topology.workers=3
/// kill -9 …                                             # anything, at any time
/// touch /shared/check/crash                              # as long as it is there, a worker ends again and again
/// touch /shared/check/stop                               # no new messages
/// Checker verdict --wait 60 /shared/check                # waits until all are acked; exits 1 when the law is broken
/// ```
///
/// A message is acked only after a sink has it in a file; the spout goes on after a crash where its diary ends. On several
/// machines the folder belongs on a shared file system.
struct Checker: StormTopology {
    @Option(help: "Where the diaries go.")
    var folder: String

    @Option(help: "Messages per second and spout task.")
    var rate = 10_000

    @Option(help: "Messages of each spout task; 0: no end.")
    var count = 0

    @Option(help: "Bytes of ballast in each message.")
    var payload = 64

    @Option(help: "Spout tasks.")
    var spouts = 1

    @Option(help: "Tasks of the bolt in the middle.")
    var works = 3

    @Option(help: "Tasks that write down what comes.")
    var sinks = 2

    @Option(help: "The bolt in the middle fails every so many messages when it sees them first; 0: none.")
    var failEvery = 0

    @Option(help: "Messages of a spout task that may be under way.")
    var maxPending = 20_000

    func validate() throws {
        for (name, value, least) in [
            ("rate", rate, 1), ("count", count, 0), ("payload", payload, 0), ("spouts", spouts, 1),
            ("works", works, 1), ("sinks", sinks, 1), ("fail-every", failEvery, 0), ("max-pending", maxPending, 1),
        ] where value < least {
            throw ValidationError("--\(name) is \(value); it must be at least \(least)")
        }
        guard folder.hasPrefix("/") else {
            throw ValidationError("--folder must be an absolute path: workers run elsewhere")
        }
    }

    func build(_ topology: TopologyBuilder) throws {
        let settings = NumberSpout.Settings(folder: folder, rate: rate, count: count, payloadBytes: payload)
        let (folder, failEvery) = (folder, failEvery)
        topology.spout("numbers", parallelism: spouts) { NumberSpout(settings) }.maxPending(maxPending)
        topology.bolt("work", parallelism: works) { Work(folder: folder, failEvery: failEvery) }.shuffle("numbers")
        topology.bolt("sink", parallelism: sinks) { Sink(folder: folder) }.fields("work", "number")
    }
}
