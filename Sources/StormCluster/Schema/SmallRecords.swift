package import StormCore

/// `/errors/<topology>/<component>/e<counter>` (the newest ten) and `/errors/<topology>/<component>-last-error`.
package struct ErrorRecord: ClusterRecord {
    package var version = 1
    package var component: String
    package var host: String
    package var port: Int
    package var task: Int
    /// Epoch milliseconds.
    package var timeMilliseconds: Int64
    /// What sort of error: the type's name, `exit`, `signal`, …
    package var kind: String
    package var message: String
    package var unknownFields: [String: ConfigValue] = [:]

    package init(
        component: String, host: String, port: Int, task: Int, timeMilliseconds: Int64, kind: String, message: String
    ) {
        self.component = component
        self.host = host
        self.port = port
        self.task = task
        self.timeMilliseconds = timeMilliseconds
        self.kind = kind
        self.message = message
    }

    package enum CodingKeys: String, RecordKey {
        case version, component, host, port, task, kind, message
        case timeMilliseconds = "time_ms"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .component: .text("the component; `__system` when it concerns the whole worker")
            case .host: .text("where it happened")
            case .port: .integer("the worker's port; 0 for a whole machine")
            case .task: .integer("the task; -1 when it concerns no single one")
            case .kind: .text("`error`, `exit`, `signal`, `disk` and others")
            case .message: .text("what happened")
            case .timeMilliseconds: .time("when it happened")
            }
        }
    }
}

/// `/nimbuses/<host:port>`, ephemeral: a nimbus that is up.
package struct NimbusRecord: ClusterRecord {
    package var version = 1
    package var host: String
    package var port: Int
    /// Where its pages are (`/metrics`, `/readyz`); nil: it has none.
    package var httpPort: Int?
    package var pid: Int
    /// Epoch milliseconds.
    package var startedAtMilliseconds: Int64
    package var stormVersion: String
    package var unknownFields: [String: ConfigValue] = [:]

    package init(host: String, port: Int, pid: Int, startedAtMilliseconds: Int64, stormVersion: String) {
        self.host = host
        self.port = port
        self.pid = pid
        self.startedAtMilliseconds = startedAtMilliseconds
        self.stormVersion = stormVersion
    }

    package enum CodingKeys: String, RecordKey {
        case version, host, port, pid
        case httpPort = "http_port"
        case startedAtMilliseconds = "started_at_ms"
        case stormVersion = "storm_version"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .host: .text("the name by which other machines reach it")
            case .port: .integer("of its Thrift service")
            case .pid: .integer("its process")
            case .httpPort: .integer("port of its pages: metrics, health").optional
            case .startedAtMilliseconds: .time("when it started")
            case .stormVersion: .text("its program's version")
            }
        }
    }
}

/// `/blobstore/<key>`: a blob that the cluster has. Its children `<host:port>`, ephemeral, are the nimbuses that hold it.
package struct BlobRecord: ClusterRecord {
    package var version = 1
    package var key: String
    package var sha256: String
    package var sizeBytes: Int64
    /// Epoch milliseconds.
    package var createdAtMilliseconds: Int64
    package var owner: String
    package var unknownFields: [String: ConfigValue] = [:]

    package init(key: String, sha256: String, sizeBytes: Int64, createdAtMilliseconds: Int64, owner: String) {
        self.key = key
        self.sha256 = sha256
        self.sizeBytes = sizeBytes
        self.createdAtMilliseconds = createdAtMilliseconds
        self.owner = owner
    }

    package var reference: BlobReference { BlobReference(key: key, sha256: sha256, sizeBytes: sizeBytes) }

    package enum CodingKeys: String, RecordKey {
        case version, key, sha256, owner
        case sizeBytes = "size_bytes"
        case createdAtMilliseconds = "created_at_ms"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .key: .text("the blob's name")
            case .sha256: .text("of its content, lower-case hexadecimal")
            case .owner: .text("who made it")
            case .sizeBytes: .bytes("its size")
            case .createdAtMilliseconds: .time("when it was made")
            }
        }
    }
}

/// `/blobstore/<key>/<host:port>`, ephemeral: this nimbus holds the blob with this content.
package struct BlobReplicaRecord: ClusterRecord {
    package var version = 1
    package var sha256: String
    package var unknownFields: [String: ConfigValue] = [:]

    package init(sha256: String) { self.sha256 = sha256 }

    package enum CodingKeys: String, RecordKey {
        case version, sha256

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .sha256: .text("of the content that it holds")
            }
        }
    }
}

/// `/credentials/<topology>`: secrets for the topology's workers.
package struct CredentialsRecord: ClusterRecord {
    package var version = 1
    package var credentials: [String: String]
    package var unknownFields: [String: ConfigValue] = [:]

    package init(credentials: [String: String]) { self.credentials = credentials }

    package enum CodingKeys: String, RecordKey {
        case version, credentials

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .credentials: .map("text to text", "the secrets by name")
            }
        }
    }
}

/// `/logconfigs/<topology>`: log levels that workers take over at once.
package struct LogConfigRecord: ClusterRecord {
    package struct Level: Hashable, Sendable, Codable {
        /// trace, debug, info, warning, error.
        package var level: String
        /// Epoch milliseconds after which the configured level is back; nil: never.
        package var expiresAtMilliseconds: Int64?
        /// For how long it was asked for; nil: for good.
        package var timeoutSeconds: Int?

        package init(level: String, expiresAtMilliseconds: Int64?, timeoutSeconds: Int? = nil) {
            self.level = level
            self.expiresAtMilliseconds = expiresAtMilliseconds
            self.timeoutSeconds = timeoutSeconds
        }

        package enum CodingKeys: String, RecordKey {
            case level
            case expiresAtMilliseconds = "expires_at_ms"
            case timeoutSeconds = "timeout_secs"

            package var note: FieldNote {
                switch self {
                case .level: .text("trace, debug, info, warning or error")
                case .expiresAtMilliseconds: .time("when the configured level is back; missing: never").optional
                case .timeoutSeconds: .seconds("for how long it was asked for; missing: for good").optional
                }
            }
        }
    }

    package var version = 1
    /// By logger name; "ROOT" for all.
    package var levels: [String: Level]
    package var unknownFields: [String: ConfigValue] = [:]

    package init(levels: [String: Level]) { self.levels = levels }

    package enum CodingKeys: String, RecordKey {
        case version, levels

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .levels: .map("logger name (`ROOT` for all)", of: Level.CodingKeys.self, "the levels")
            }
        }
    }
}
