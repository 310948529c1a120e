/// What is said to somebody who gives an option of Storm's that has no meaning here. Pure.
package enum UnknownOption {
    private static let classPath =
        "there is no class path: a topology is one executable, which holds all its libraries; storm blobstore create"
        + " keeps other files for it"
    private static let artifacts =
        "nothing comes from a Maven repository: the libraries of a topology are dependencies of its Package.swift, which"
        + " swift build fetches"

    private static let ofPrograms = [
        "--jars": classPath, "--artifacts": artifacts, "--artifactRepositories": artifacts,
        "--mavenLocalRepositoryDirectory": artifacts, "--proxyUrl": artifacts, "--proxyUsername": artifacts,
        "--proxyPassword": artifacts,
    ]

    /// By command and option.
    package static let retired: [String: [String: String]] = [
        "jar": ofPrograms.merging(["--storm-server-classpath": classPath]) { $1 },
        "local": ofPrograms.merging([
            "--java-debug":
                "there is no Java to debug; lldb -- PROGRAM local ARGUMENTS runs the topology in a debugger",
            "--local-zookeeper": "a local run keeps nothing in a ZooKeeper; storm dev runs a whole cluster with one",
        ]) { $1 },
        "admin": [
            "-j": "there is no SASL here: znodes are open to all; let only the cluster's machines reach ZooKeeper"
        ],
    ]

    /// - Parameter arguments: a command line that was not understood, from the command on.
    /// - Returns: nil when none of Storm's options without a meaning is in it.
    package static func failure(_ arguments: [String]) -> CommandFailure? {
        guard let command = arguments.first, let options = retired[command] else { return nil }
        for argument in arguments.dropFirst() {
            if argument == "--" { return nil }
            let name = String(argument.prefix { $0 != "=" })
            if let advice = options[name] { return .usage("\(name) does not exist here: \(advice)") }
        }
        return nil
    }
}
