extension ConfigKeys {
    static let topologySerialization: [ConfigKeyInfo] = [
        .without("topology.kryo.register", .listOrMap, noKryo),
        .without("topology.kryo.decorators", .stringList, noKryo),
        .without("topology.kryo.factory", .string, "org.apache.storm.serialization.DefaultKryoFactory", noKryo),
        .without(
            "topology.tuple.serializer", .string,
            "org.apache.storm.serialization.types.ListDelegateSerializer", noKryo
        ),
        .without("topology.skip.missing.kryo.registrations", .bool, false, noKryo),
        .without("topology.fall.back.on.java.serialization", .bool, false, noJVM),
        .without("topology.testing.always.try.serialize", .bool, false, oneForm),
        .without("topology.tuple.compression.enable", .bool, false, noCompression),
        .without("topology.tuple.compression.threshold", .number, 1460, noCompression),
        .without("topology.tuple.compression.max.decompressed.bytes", .number, 10_485_760, noCompression),
    ]
}
