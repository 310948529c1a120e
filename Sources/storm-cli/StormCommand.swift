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
        version: StormVersion.current.lines.joined(separator: "\n"),
        subcommands: [
            NimbusCommand.self, SupervisorCommand.self, UICommand.self, DevCommand.self, LocalCommand.self,
            JarCommand.self, FluxCommand.self,
            ListCommand.self, KillCommand.self,
            ActivateCommand.self, DeactivateCommand.self, RebalanceCommand.self, AuditCommand.self, WhyCommand.self,
            ErrorsCommand.self, GetErrorsCommand.self, DeadLetterCommand.self, MonitorCommand.self,
            BlobstoreCommand.self, UploadCredentialsCommand.self, LocalConfValueCommand.self,
            RemoteConfValueCommand.self, ConfigCommand.self, HealthCommand.self, NodeHealthCheckCommand.self,
            CompletionCommand.self,
            DevZooKeeperCommand.self, VersionCommand.self,
            TopCommand.self, TapSamplesCommand.self, ExplainTopologyCommand.self, DoctorCommand.self,
            ZooKeeperCommand.self,
            LogsCommand.self, SetLogLevelCommand.self, KillWorkersCommand.self, HeartbeatsCommand.self,
            AdminCommand.self, LogviewerCommand.self, WorkerCommand.self,
        ])
}
