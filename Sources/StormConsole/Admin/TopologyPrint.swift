import FoundationEssentials
package import StormThrift

/// A submitted topology as `storm admin print_topo` shows it: one JSON object by id, `spouts` and `bolts` by component with
/// `parallelism`, `outputs` (fields by stream) and, of bolts, `inputs` (`component`, `stream`, `grouping`, `fields`).
package struct TopologyPrint: Encodable, Sendable {
    struct Input: Encodable {
        var component: String
        var stream: String
        var grouping: String
        var fields: [String]?
    }

    struct Component: Encodable {
        var parallelism: Int
        var outputs: [String: [String]]
        var inputs: [Input]?
        var kind: String
    }

    var spouts: [String: Component]
    var bolts: [String: Component]
    var stormVersion: String?

    enum CodingKeys: String, CodingKey {
        case spouts, bolts
        case stormVersion = "storm_version"
    }

    package init(_ topology: Thrift.StormTopology) {
        spouts = topology.spouts.mapValues { Self.component($0.common, $0.spoutObject, isBolt: false) }
        bolts = topology.bolts.mapValues { Self.component($0.common, $0.boltObject, isBolt: true) }
        stormVersion = topology.stormVersion
    }

    /// - Parameter bytes: as a nimbus stores it.
    /// - Throws: bytes that are no topology.
    package init(bytes: [UInt8]) throws {
        var reader = ThriftReader(bytes: bytes, limits: ThriftLimits(frameBytesMax: max(1, bytes.count)))
        self.init(try Thrift.StormTopology(from: &reader))
    }

    private static func component(
        _ common: Thrift.ComponentCommon, _ object: Thrift.ComponentObject, isBolt: Bool
    ) -> Component {
        let inputs = common.inputs.sorted { $0.key < $1.key }.map { source, grouping in
            let (name, fields) = text(grouping)
            return Input(component: source.componentID, stream: source.streamID, grouping: name, fields: fields)
        }
        return Component(
            parallelism: Int(common.parallelismHint ?? 1), outputs: common.streams.mapValues(\.outputFields),
            inputs: isBolt ? inputs : nil, kind: kind(object))
    }

    private static func kind(_ object: Thrift.ComponentObject) -> String {
        switch object {
        case .serializedJava: "native"
        case .shell: "shell"
        default: "java"
        }
    }

    private static func text(_ grouping: Thrift.Grouping) -> (String, [String]?) {
        switch grouping {
        case .fields(let names): names.isEmpty ? ("global", nil) : ("fields", names)
        case .shuffle: ("shuffle", nil)
        case .all: ("all", nil)
        case .noGrouping: ("none", nil)
        case .direct: ("direct", nil)
        case .customObject, .customSerialized: ("custom", nil)
        case .localOrShuffle: ("local_or_shuffle", nil)
        }
    }
}
