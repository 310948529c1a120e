public import StormCore

/// What a component emits: its streams and their fields.
///
/// ```swift
/// static let outputs: Outputs = ["word", "count"]                                   // the default stream
/// static let outputs = Outputs(["word"]).stream("rejected", ["line", "reason"])      // two streams
/// static let outputs = Outputs().directStream("reply", ["answer"])                   // tuples name their task
/// ```
public struct Outputs: Sendable, ExpressibleByArrayLiteral {
    public private(set) var streams: [StreamDescription] = []

    /// No output at all.
    public init() {}

    /// The fields of the default stream.
    public init(_ fields: [String]) { streams = [StreamDescription(fields: fields)] }

    /// An empty literal declares no stream.
    public init(arrayLiteral fields: String...) {
        streams = fields.isEmpty ? [] : [StreamDescription(fields: fields)]
    }

    public func stream(_ id: StreamID, _ fields: [String]) -> Outputs {
        var copy = self
        copy.streams.append(StreamDescription(id, fields: fields))
        return copy
    }

    public func directStream(_ id: StreamID, _ fields: [String]) -> Outputs {
        var copy = self
        copy.streams.append(StreamDescription(id, fields: fields, isDirect: true))
        return copy
    }
}
