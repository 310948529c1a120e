extension Thrift {
    /// Who may do what with a blob.
    package struct AccessControl: ThriftStruct {
        package var type: AccessControlType = .other
        package var name: String?
        /// A sum of READ 1, WRITE 2, ADMIN 4.
        package var access: Int32 = 0

        package init() {}

        package init(type: AccessControlType, name: String? = nil, access: Int32) {
            self.type = type
            self.name = name
            self.access = access
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "type", \.type),
            .optional(2, "name", \.name),
            .required(3, "access", \.access),
        ]
    }

    /// Whether an access entry names a user or stands for all others.
    package enum AccessControlType: Int32, ThriftEnum {
        case other = 1
        case user = 2
    }

    /// What the owner of a blob may change.
    package struct SettableBlobMeta: ThriftStruct {
        package var acl: [AccessControl] = []
        /// Unset or -1: the default.
        package var replicationFactor: Int32?

        package init() {}

        package init(acl: [AccessControl], replicationFactor: Int32? = nil) {
            self.acl = acl
            self.replicationFactor = replicationFactor
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "acl", \.acl),
            .optional(2, "replication_factor", \.replicationFactor),
        ]
    }

    /// What is known of a blob: its settings and its version.
    package struct ReadableBlobMeta: ThriftStruct {
        package var settable: SettableBlobMeta = SettableBlobMeta()
        package var version: Int64 = 0

        package init() {}

        package init(settable: SettableBlobMeta, version: Int64) {
            self.settable = settable
            self.version = version
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "settable", \.settable),
            .required(2, "version", \.version),
        ]
    }

    /// One page of blob keys. An empty page ends the listing.
    package struct ListBlobsResult: ThriftStruct {
        package var keys: [String] = []
        /// Give it to the next `listBlobs`; the first call passes an empty one.
        package var session: String = ""

        package init() {}

        package init(keys: [String], session: String) {
            self.keys = keys
            self.session = session
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "keys", \.keys),
            .required(2, "session", \.session),
        ]
    }

    /// A started download.
    package struct BeginDownloadResult: ThriftStruct {
        package var version: Int64 = 0
        package var session: String = ""
        /// Bytes in the whole blob.
        package var dataSize: Int64?

        package init() {}

        package init(version: Int64, session: String, dataSize: Int64? = nil) {
            self.version = version
            self.session = session
            self.dataSize = dataSize
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "version", \.version),
            .required(2, "session", \.session),
            .optional(3, "data_size", \.dataSize),
        ]
    }
}
