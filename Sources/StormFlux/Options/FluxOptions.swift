package import ArgumentParser

/// What `storm flux`, a program's `flux` and Storm's own `storm jar X.jar org.apache.storm.flux.Flux` take: Flux's options
/// under their names, and two of ours.
package struct FluxOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Run the topology in this process, for --sleep milliseconds.")
    package var local = false

    @Flag(name: .shortAndLong, help: "Submit the topology; that is done anyway.")
    package var remote = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("With --local: how long it runs; 0 is for ever.", valueName: "ms"))
    package var sleep = 60_000

    @Flag(name: .shortAndLong, help: "Check the topology and print its parts, and do no more.")
    package var dryRun = false

    @Flag(name: [.customShort("q"), .long], help: "Do not print the topology's parts.")
    package var noDetail = false

    @Flag(name: .shortAndLong, help: "Accepted; there is no banner.")
    package var noSplash = false

    @Flag(name: .shortAndLong, help: "Submit the topology inactive.")
    package var inactive = false

    @Flag(
        name: [.customShort("R"), .long], help: "The file, and that of --filter, are in the folder of the resources.")
    package var resource = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Put the values of this properties file in the place of ${key}.", valueName: "file"))
    package var filter: String?

    @Flag(name: .shortAndLong, help: "Put variables of the environment in the place of ${ENV-NAME}.")
    package var envFilter = false

    @Option(
        name: [.customShort("z"), .long],
        help: ArgumentHelp("Accepted; a local run needs no ZooKeeper.", valueName: "host:port"))
    package var zookeeper: String?

    @Option(
        help: ArgumentHelp(
            "The folder with what shell components need; resources beside the YAML file unless given.",
            valueName: "folder"))
    package var resources: String?

    @Flag(help: "Return when all workers run.")
    package var wait = false

    @Option(
        help: ArgumentHelp(
            "With --wait: seconds after which waiting is given up (status 4); 300 without.", valueName: "seconds"))
    package var timeout: Int?

    @Flag(help: "Print JSON about the submission, with --dry-run about the topology's parts, and nothing else.")
    package var json = false

    @Argument(help: "The topology, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
    package var file: String

    package init() {}

    package func validate() throws {
        guard sleep >= 0 else { throw ValidationError("--sleep \(sleep): milliseconds, from 0 on") }
        if let timeout {
            guard wait else { throw ValidationError("--timeout is for --wait, which is missing") }
            guard (1...604_800).contains(timeout) else {
                throw ValidationError("--timeout \(timeout): 1 to 604800 seconds")
            }
        }
        guard !(local && remote) else { throw ValidationError("--local and --remote exclude each other") }
    }

    /// As they are parsed; what has no effect is left out.
    package var arguments: [String] {
        let flags = [
            ("--local", local), ("--dry-run", dryRun), ("--no-detail", noDetail), ("--inactive", inactive),
            ("--resource", resource), ("--env-filter", envFilter), ("--wait", wait), ("--json", json),
        ]
        var all = flags.filter(\.1).map(\.0) + ["--sleep", "\(sleep)"]
        if let filter { all += ["--filter", filter] }
        if let timeout { all += ["--timeout", "\(timeout)"] }
        if let resources { all += ["--resources", resources] }
        return all + ["--", file]
    }
}
