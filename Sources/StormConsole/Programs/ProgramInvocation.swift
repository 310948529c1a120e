package import StormCore

/// How storm starts a topology's program: the contract between this command and the entry point of a topology.
///
/// - `PROGRAM submit --name NAME [--wait] [--timeout SECONDS] [--json] -- ARGUMENTS…` submits the topology and ends with 0
///   when nimbus has taken it, with `--wait` when its workers run (4 when the time is over before: `CommandExit`);
/// - `PROGRAM local [--local-ttl SECONDS] -- ARGUMENTS…` runs it in one process until it has finished, the seconds are
///   over, or it is interrupted;
/// - `PROGRAM flux OPTIONS… FILE` does with a YAML topology what `storm flux` does, with the program's components.
///
/// The client's configuration comes in the environment variable `STORM_CLIENT_CONFIG`, which other users cannot read,
/// as a JSON object `{"cluster": {…}, "topology": {…}}`: `cluster` holds what files and environment set, `topology`
/// the `-c` options, which win over what the program sets itself.
package struct ProgramInvocation: Equatable, Sendable {
    package static let environmentVariable = "STORM_CLIENT_CONFIG"

    package let executable: String
    package let arguments: [String]
    /// Added to the environment.
    package let environment: [String: String]

    package static func submit(
        executable: String, name: String, arguments: [String], config: Config, wait: WaitRequest? = nil,
        isJSON: Bool = false
    ) -> ProgramInvocation {
        let call = SubmitCall(name: name, wait: wait, isJSON: isJSON)
        return ProgramInvocation(
            executable: executable, arguments: ["submit"] + call.arguments + ["--"] + arguments, config: config)
    }

    package static func local(
        executable: String, arguments: [String], config: Config, call: LocalCall = LocalCall()
    ) -> ProgramInvocation {
        ProgramInvocation(
            executable: executable, arguments: ["local"] + call.arguments + ["--"] + arguments, config: config)
    }

    /// - Parameter arguments: Flux's options and the file.
    package static func flux(executable: String, arguments: [String], config: Config) -> ProgramInvocation {
        ProgramInvocation(executable: executable, arguments: ["flux"] + arguments, config: config)
    }

    /// Any program, with the environment as it is.
    package init(executable: String, arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
        environment = [:]
    }

    private init(executable: String, arguments: [String], config: Config) {
        self.executable = executable
        self.arguments = arguments
        var cluster: [String: ConfigValue] = [:]
        var topology: [String: ConfigValue] = [:]
        for (name, value) in config.explicit {
            if case .commandLine = config.origin(named: name) {
                topology[name] = value
            } else {
                cluster[name] = value
            }
        }
        environment = [
            Self.environmentVariable: ConfigValue.map(["cluster": .map(cluster), "topology": .map(topology)])
                .description
        ]
    }
}
