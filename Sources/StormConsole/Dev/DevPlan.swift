package import StormCore

/// Everything that `storm dev` will create and start, as a value: paths, addresses, the configuration file and the
/// command lines of the children. Nothing has happened yet.
package struct DevPlan: Equatable, Sendable {
    /// The ports of a cluster; all different.
    package struct Ports: Equatable, Sendable {
        package var zookeeper: Int
        package var nimbus: Int
        /// Of the web page; nil: there is none.
        package var ui: Int?
        /// Of the log viewer; nil: there is none.
        package var logviewer: Int?
        /// Slot ports, one list for each supervisor.
        package var slots: [[Int]]

        package init(zookeeper: Int, nimbus: Int, ui: Int? = nil, logviewer: Int? = nil, slots: [[Int]]) {
            self.zookeeper = zookeeper
            self.nimbus = nimbus
            self.ui = ui
            self.logviewer = logviewer
            self.slots = slots
        }
    }

    /// One daemon: this same program, started again.
    package struct Child: Equatable, Sendable {
        /// For messages: `nimbus`, `supervisor-1`, ….
        package let name: String
        package let arguments: [String]
        /// What it prints.
        package let outputFile: String
        /// Its log, where it writes one.
        package let logFile: String
        package let workingFolder: String
    }

    package let folder: String
    package let ports: Ports
    package let configFile: String
    package let configText: String
    /// Must exist before anything starts, in this order.
    package let folders: [String]
    package let zookeeperFolder: String
    package let nimbus: Child
    package let supervisors: [Child]
    package let ui: Child?
    /// Where the web page's links to logs lead.
    package let logviewer: Child?

    /// - Parameters:
    ///   - folder: absolute path.
    ///   - base: what the user configured; goes into the file, but for the addresses and folders of the cluster itself.
    package init(folder: String, ports: Ports, base: [String: ConfigValue]) {
        self.folder = folder
        self.ports = ports
        configFile = "\(folder)/conf/storm.yaml"
        configText = Self.configText(base: base, folder: folder, ports: ports)
        zookeeperFolder = "\(folder)/zookeeper"
        nimbus = Self.child("nimbus", command: ["nimbus"], folder: folder, settings: [:])
        supervisors = ports.slots.enumerated().map { index, slots in
            Self.child(
                "supervisor-\(index + 1)", command: ["supervisor", "--stop-workers"], folder: folder,
                settings: ["supervisor.slots.ports": .list(slots.map { .int($0) })])
        }
        ui = ports.ui.map { _ in Self.child("ui", command: ["ui"], folder: folder, settings: [:]) }
        // The folders of all daemons lie below its own.
        logviewer = ports.logviewer.map { _ in
            Self.child("logviewer", command: ["logviewer"], folder: folder, logs: "\(folder)/logs", settings: [:])
        }
        let children = [nimbus] + supervisors + [ui, logviewer].compactMap(\.self)
        folders =
            [folder, "\(folder)/conf", "\(folder)/logs", zookeeperFolder]
            + children.flatMap { [$0.workingFolder, "\(folder)/logs/\($0.name)"] }
    }

    package static let host = "127.0.0.1"

    private static func child(
        _ name: String, command: [String], folder: String, logs: String? = nil, settings: [String: ConfigValue]
    ) -> Child {
        let logs = logs ?? "\(folder)/logs/\(name)"
        var settings = settings
        settings["storm.local.dir"] = .string("\(folder)/\(name)")
        settings["storm.log.dir"] = .string(logs)
        let options = settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        return Child(
            name: name, arguments: command + ["--config", "\(folder)/conf/storm.yaml"] + options,
            outputFile: "\(folder)/logs/\(name)/\(command[0]).out", logFile: "\(logs)/\(command[0]).log",
            workingFolder: "\(folder)/\(name)")
    }

    private static func configText(base: [String: ConfigValue], folder: String, ports: Ports) -> String {
        var values = base
        values["storm.zookeeper.servers"] = [.string(host)]
        values["storm.zookeeper.port"] = .int(ports.zookeeper)
        values["nimbus.seeds"] = [.string(host)]
        values["nimbus.thrift.port"] = .int(ports.nimbus)
        // Several daemons on one machine: each finds a free port, which is in its znode.
        for key in ["nimbus.http.port", "supervisor.http.port"] where values[key] == nil { values[key] = .int(0) }
        if let ui = ports.ui {
            values["ui.host"] = .string(host)
            values["ui.port"] = .int(ui)
        }
        if let logviewer = ports.logviewer { values["logviewer.port"] = .int(logviewer) }
        values["storm.local.hostname"] = .string(host)
        values["storm.local.dir"] = .string("\(folder)/client")
        values["storm.log.dir"] = nil
        values["supervisor.slots.ports"] = nil
        let lines = values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return "# Written by storm dev at each start; changes are lost.\n" + lines.joined(separator: "\n") + "\n"
    }
}
