extension Thrift {
    /// How the tuples of a stream are divided among the tasks of a subscriber.
    package enum Grouping: ThriftUnion {
        /// By the values of these fields. No field at all: everything to the lowest task.
        case fields([String])
        case shuffle
        case all
        /// "none": no wish; treated as shuffle.
        case noGrouping
        case direct
        case customObject(JavaObject)
        case customSerialized(ThriftBinary)
        case localOrShuffle

        package static let members: [ThriftMember<Self>] = [
            .init(1, "fields", Self.fields) { if case .fields(let value) = $0 { value } else { nil } },
            .empty(2, "shuffle", .shuffle),
            .empty(3, "all", .all),
            .empty(4, "none", .noGrouping),
            .empty(5, "direct", .direct),
            .init(6, "custom_object", Self.customObject) {
                if case .customObject(let value) = $0 { value } else { nil }
            },
            .init(7, "custom_serialized", Self.customSerialized) {
                if case .customSerialized(let value) = $0 { value } else { nil }
            },
            .empty(8, "local_or_shuffle", .localOrShuffle),
        ]
    }

    /// A struct without fields: marks a union member that carries nothing.
    package struct NullStruct: ThriftStruct {
        package init() {}

        package static let fields: [ThriftField<Self>] = []
    }
}
