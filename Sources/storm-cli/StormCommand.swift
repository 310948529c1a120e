import ArgumentParser
import StormConsole

/// The root of all commands.
struct StormCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm",
        abstract: "Runs real-time computations on a cluster of machines.",
        discussion: """
            Settings come from storm.yaml ($STORM_CONF_DIR, ~/.storm, ./conf, /etc/storm), then from the environment \
            (topology.workers is STORM_TOPOLOGY_WORKERS), then from --config FILE, then from -c key=value; later wins. \
            Commands that print data have --json; storm help exit-codes shows the table of exit statuses.
            """,
        version: StormVersion.current.lines().joined(separator: "\n"),
        subcommands: [
            // Nobody types it: help does not show it.
            WorkerCommand.self
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "Topology",
                subcommands: [
                    JarCommand.self, LocalCommand.self, FluxCommand.self, ShellCommand.self, ListCommand.self,
                    KillCommand.self,
                    ActivateCommand.self, DeactivateCommand.self, RebalanceCommand.self, SetLogLevelCommand.self,
                    UploadCredentialsCommand.self,
                ]),
            CommandGroup(
                name: "Insight",
                subcommands: [
                    MonitorCommand.self, TopCommand.self, TapSamplesCommand.self, LogsCommand.self, ErrorsCommand.self,
                    GetErrorsCommand.self, AuditCommand.self, WhyCommand.self, ExplainTopologyCommand.self,
                    DeadLetterCommand.self,
                ]),
            CommandGroup(
                name: "Cluster",
                subcommands: [
                    DoctorCommand.self, HealthCommand.self, NodeHealthCheckCommand.self, BlobstoreCommand.self,
                    ZooKeeperCommand.self, HeartbeatsCommand.self, AdminCommand.self, KillWorkersCommand.self,
                ]),
            CommandGroup(
                name: "Daemon",
                subcommands: [
                    DevCommand.self, NimbusCommand.self, SupervisorCommand.self, UICommand.self, LogviewerCommand.self,
                    DevZooKeeperCommand.self,
                ]),
            CommandGroup(
                name: "Configuration",
                subcommands: [
                    ConfigCommand.self, LocalConfValueCommand.self, RemoteConfValueCommand.self, CompletionCommand.self,
                    VersionCommand.self, ClasspathCommand.self,
                ]),
        ])
}
