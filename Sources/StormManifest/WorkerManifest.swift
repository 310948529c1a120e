package import StormCluster
package import StormCore
internal import FoundationEssentials

/// `worker.json`: everything a worker process is told at its start. Written by its supervisor before it starts the
/// process, read by the process: `<executable> worker --manifest <path>`.
///
/// JSON with snake_case names. Readable by its owner only, since the configuration may hold secrets.
package struct WorkerManifest: Hashable, Sendable, Codable {
    package var version = 1
    package var topologyID: String
    /// The slot's port: the worker listens there for its peers.
    package var port: Int
    package var workerID: String
    package var supervisorID: String
    /// The name under which other machines reach this one.
    package var host: String
    /// The assignment's number for this slot; a worker that finds another one in `/assignments` is the wrong one.
    package var incarnation: Int
    package var executors: ExecutorList
    package var paths: Paths
    package var zookeeper: ZooKeeper
    /// The supervisor's configuration overlaid by the topology's.
    package var conf: [String: ConfigValue]
    /// The topology as its supervisor knew it last: what the worker goes by until ZooKeeper answers. Nil when nothing was
    /// known.
    package var known: KnownTopology?
    /// What the topology's workers show each other before they talk; empty when it has none.
    package var token = ""

    /// The file in the worker's folder that it touches as a sign of life.
    package static let heartbeatFile = "heartbeat"
    package var heartbeatPath: String { "\(paths.workerDirectory)/\(Self.heartbeatFile)" }

    package struct Paths: Hashable, Sendable, Codable {
        /// The submitted code; what runs, for a Swift topology.
        package var code: String
        /// The topology's description, as submitted; nil when the submission stored none.
        package var topology: String?
        /// The topology's own configuration, a JSON object; nil when the submission stored none.
        package var topologyConf: String?
        /// The folder of all of these.
        package var codeDirectory: String
        /// The worker's own folder, and its current one at the start.
        package var workerDirectory: String
        /// Where its logs go.
        package var logDirectory: String
        /// For its logger. What it writes to standard output and error goes to `worker.log.out` and `worker.log.err`.
        package var logFile: String

        package init(
            code: String, topology: String?, topologyConf: String?, codeDirectory: String,
            workerDirectory: String, logDirectory: String, logFile: String
        ) {
            self.code = code
            self.topology = topology
            self.topologyConf = topologyConf
            self.codeDirectory = codeDirectory
            self.workerDirectory = workerDirectory
            self.logDirectory = logDirectory
            self.logFile = logFile
        }

        enum CodingKeys: String, CodingKey {
            case code, topology
            case topologyConf = "topology_conf"
            case codeDirectory = "code_directory"
            case workerDirectory = "worker_directory"
            case logDirectory = "log_directory"
            case logFile = "log_file"
        }
    }

    package struct ZooKeeper: Hashable, Sendable, Codable {
        /// "host:port".
        package var servers: [String]
        package var root: String
        package var sessionTimeoutMilliseconds: Int
        package var connectionTimeoutMilliseconds: Int

        package init(
            servers: [String], root: String = "/storm", sessionTimeoutMilliseconds: Int = 20_000,
            connectionTimeoutMilliseconds: Int = 15_000
        ) {
            self.servers = servers
            self.root = root
            self.sessionTimeoutMilliseconds = sessionTimeoutMilliseconds
            self.connectionTimeoutMilliseconds = connectionTimeoutMilliseconds
        }

        enum CodingKeys: String, CodingKey {
            case servers, root
            case sessionTimeoutMilliseconds = "session_timeout_ms"
            case connectionTimeoutMilliseconds = "connection_timeout_ms"
        }
    }

    package init(
        topologyID: String, port: Int, workerID: String, supervisorID: String, host: String, incarnation: Int,
        executors: ExecutorList, paths: Paths, zookeeper: ZooKeeper, conf: [String: ConfigValue],
        known: KnownTopology? = nil, token: String = ""
    ) {
        self.topologyID = topologyID
        self.port = port
        self.workerID = workerID
        self.supervisorID = supervisorID
        self.host = host
        self.incarnation = incarnation
        self.executors = executors
        self.paths = paths
        self.zookeeper = zookeeper
        self.conf = conf
        self.known = known
        self.token = token
    }

    enum CodingKeys: String, CodingKey {
        case version, port, host, incarnation, executors, paths, zookeeper, conf, known, token
        case topologyID = "topology_id"
        case workerID = "worker_id"
        case supervisorID = "supervisor_id"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        version = try container.decode(Int.self, forKey: .version)
        guard version == 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: container,
                debugDescription: "version \(version) of worker.json is not known; supervisor and worker do not fit")
        }
        topologyID = try container.decode(String.self, forKey: .topologyID)
        port = try container.decode(Int.self, forKey: .port)
        workerID = try container.decode(String.self, forKey: .workerID)
        supervisorID = try container.decode(String.self, forKey: .supervisorID)
        host = try container.decode(String.self, forKey: .host)
        incarnation = try container.decode(Int.self, forKey: .incarnation)
        executors = try container.decode(ExecutorList.self, forKey: .executors)
        paths = try container.decode(Paths.self, forKey: .paths)
        zookeeper = try container.decode(ZooKeeper.self, forKey: .zookeeper)
        conf = try container.decode([String: JSONValue].self, forKey: .conf).mapValues(\.value)
        known = try container.decodeIfPresent(KnownTopology.self, forKey: .known)
        token = try container.decodeIfPresent(String.self, forKey: .token) ?? ""
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(version, forKey: .version)
        try container.encode(topologyID, forKey: .topologyID)
        try container.encode(port, forKey: .port)
        try container.encode(workerID, forKey: .workerID)
        try container.encode(supervisorID, forKey: .supervisorID)
        try container.encode(host, forKey: .host)
        try container.encode(incarnation, forKey: .incarnation)
        try container.encode(executors, forKey: .executors)
        try container.encode(paths, forKey: .paths)
        try container.encode(zookeeper, forKey: .zookeeper)
        try container.encode(conf.mapValues(JSONValue.init), forKey: .conf)
        try container.encodeIfPresent(known, forKey: .known)
        try container.encode(token, forKey: .token)
    }
}

extension WorkerManifest {
    /// UTF-8 JSON, for people too: sorted and indented.
    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// - Throws: `DecodingError` for anything but what ``encoded()`` gives.
    package static func decode(_ bytes: [UInt8]) throws -> WorkerManifest {
        try JSONDecoder().decode(WorkerManifest.self, from: Data(bytes))
    }

    /// - Throws: when the file cannot be read or understood.
    package static func load(_ path: String) throws -> WorkerManifest {
        try decode(Array(Data(contentsOf: URL(filePath: path))))
    }
}

extension WorkerManifest {
    /// File in the worker's folder that its supervisor makes before it asks the process to stop: so that the process can
    /// tell this from a request of anybody else.
    package static let stopRequestFile = "stop-requested"

    /// Whether it is the supervisor who wants this process to stop.
    package var isStopRequestedBySupervisor: Bool {
        FileManager.default.fileExists(atPath: "\(paths.workerDirectory)/\(Self.stopRequestFile)")
    }
}
