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

    enum CodingKeys: String, CodingKey {
        case version, component, host, port, task, kind, message
        case timeMilliseconds = "time_ms"
    }
}

/// `/nimbuses/<host:port>`, ephemeral: a nimbus that is up.
package struct NimbusRecord: ClusterRecord {
    package var version = 1
    package var host: String
    package var port: Int
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

    enum CodingKeys: String, CodingKey {
        case version, host, port, pid
        case startedAtMilliseconds = "started_at_ms"
        case stormVersion = "storm_version"
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

    enum CodingKeys: String, CodingKey {
        case version, key, sha256, owner
        case sizeBytes = "size_bytes"
        case createdAtMilliseconds = "created_at_ms"
    }
}

/// `/blobstore/<key>/<host:port>`, ephemeral: this nimbus holds the blob with this content.
package struct BlobReplicaRecord: ClusterRecord {
    package var version = 1
    package var sha256: String
    package var unknownFields: [String: ConfigValue] = [:]

    package init(sha256: String) { self.sha256 = sha256 }

    enum CodingKeys: String, CodingKey {
        case version, sha256
    }
}

/// `/credentials/<topology>`: secrets for the topology's workers.
package struct CredentialsRecord: ClusterRecord {
    package var version = 1
    package var credentials: [String: String]
    package var unknownFields: [String: ConfigValue] = [:]

    package init(credentials: [String: String]) { self.credentials = credentials }

    enum CodingKeys: String, CodingKey {
        case version, credentials
    }
}

/// `/logconfigs/<topology>`: log levels that workers take over at once.
package struct LogConfigRecord: ClusterRecord {
    package struct Level: Hashable, Sendable, Codable {
        /// trace, debug, info, warning, error.
        package var level: String
        /// Epoch milliseconds after which the configured level is back; nil: never.
        package var expiresAtMilliseconds: Int64?

        package init(level: String, expiresAtMilliseconds: Int64?) {
            self.level = level
            self.expiresAtMilliseconds = expiresAtMilliseconds
        }

        enum CodingKeys: String, CodingKey {
            case level
            case expiresAtMilliseconds = "expires_at_ms"
        }
    }

    package var version = 1
    /// By logger name; "ROOT" for all.
    package var levels: [String: Level]
    package var unknownFields: [String: ConfigValue] = [:]

    package init(levels: [String: Level]) { self.levels = levels }

    enum CodingKeys: String, CodingKey {
        case version, levels
    }
}
