import StormThrift

/// Every member of every union, with its bytes; see `structs`.
extension Sample {
    static let unions: [Sample] = [
        Sample(
            "ComponentObject.serialized_java", Thrift.ComponentObject.serializedJava([1, 254]),
            """
            0b00010000000201fe00
            """),
        Sample(
            "ComponentObject.shell", Thrift.ComponentObject.shell(Samples.shellComponent()),
            """
            0c00020b00010000000276310b00020000000276320000
            """),
        Sample(
            "ComponentObject.java_object", Thrift.ComponentObject.javaObject(Samples.javaObject()),
            """
            0c00030b00010000000276310f00020c000000020b00030000000276330002000401000000
            """),
        Sample(
            "JavaObjectArg.int_arg", Thrift.JavaObjectArg.intArg(1000),
            """
            080001000003e800
            """),
        Sample(
            "JavaObjectArg.long_arg", Thrift.JavaObjectArg.longArg(1099511627778),
            """
            0a0002000001000000000200
            """),
        Sample(
            "JavaObjectArg.string_arg", Thrift.JavaObjectArg.stringArg("v3"),
            """
            0b000300000002763300
            """),
        Sample(
            "JavaObjectArg.bool_arg", Thrift.JavaObjectArg.boolArg(true),
            """
            0200040100
            """),
        Sample(
            "JavaObjectArg.binary_arg", Thrift.JavaObjectArg.binaryArg([5, 250]),
            """
            0b00050000000205fa00
            """),
        Sample(
            "JavaObjectArg.double_arg", Thrift.JavaObjectArg.doubleArg(6.5),
            """
            040006401a00000000000000
            """),
        Sample(
            "Grouping.fields", Thrift.Grouping.fields(["v1", "v2"]),
            """
            0f00010b0000000200000002763100000002763200
            """),
        Sample(
            "Grouping.shuffle", Thrift.Grouping.shuffle,
            """
            0c00020000
            """),
        Sample(
            "Grouping.all", Thrift.Grouping.all,
            """
            0c00030000
            """),
        Sample(
            "Grouping.none", Thrift.Grouping.noGrouping,
            """
            0c00040000
            """),
        Sample(
            "Grouping.direct", Thrift.Grouping.direct,
            """
            0c00050000
            """),
        Sample(
            "Grouping.custom_object", Thrift.Grouping.customObject(Samples.javaObject()),
            """
            0c00060b00010000000276310f00020c000000020b00030000000276330002000401000000
            """),
        Sample(
            "Grouping.custom_serialized", Thrift.Grouping.customSerialized([7, 248]),
            """
            0b00070000000207f800
            """),
        Sample(
            "Grouping.local_or_shuffle", Thrift.Grouping.localOrShuffle,
            """
            0c00080000
            """),
        Sample(
            "ExecutorSpecificStats.bolt", Thrift.ExecutorSpecificStats.bolt(Samples.boltStats()),
            """
            0c00010d00010b0d00000002000000026b310c0a000000010b00010000000263310b0002000000027331000000010000000001000000
            026b320c0a000000010b00010000000263320b00020000000273320000000100000000020d00020b0d00000002000000026b320c0a00
            0000010b00010000000263320b0002000000027332000000010000000002000000026b330c0a000000010b00010000000263330b0002
            0000000273330000000100000000030d00030b0d00000002000000026b330c04000000010b00010000000263330b0002000000027333
            00400c000000000000000000026b340c04000000010b00010000000263340b00020000000273340040120000000000000d00040b0d00
            000002000000026b340c0a000000010b00010000000263340b0002000000027334000000010000000004000000026b350c0a00000001
            0b00010000000263350b00020000000273350000000100000000050d00050b0d00000002000000026b350c04000000010b0001000000
            0263350b0002000000027335004016000000000000000000026b360c04000000010b00010000000263360b000200000002733600401a
            0000000000000000
            """),
        Sample(
            "ExecutorSpecificStats.spout", Thrift.ExecutorSpecificStats.spout(Samples.spoutStats()),
            """
            0c00020d00010b0d00000002000000026b310b0a00000001000000026b310000010000000001000000026b320b0a0000000100000002
            6b3200000100000000020d00020b0d00000002000000026b320b0a00000001000000026b320000010000000002000000026b330b0a00
            000001000000026b3300000100000000030d00030b0d00000002000000026b330b0400000001000000026b33400c0000000000000000
            00026b340b0400000001000000026b3440120000000000000000
            """),
        Sample(
            "SpecificAggregateStats.bolt", Thrift.SpecificAggregateStats.bolt(Samples.boltAggregateStats()),
            """
            0c00010400013ff800000000000004000240040000000000000a0003000001000000000304000440120000000000000000
            """),
        Sample(
            "SpecificAggregateStats.spout", Thrift.SpecificAggregateStats.spout(Samples.spoutAggregateStats()),
            """
            0c00020400013ff80000000000000000
            """),
    ]
}
