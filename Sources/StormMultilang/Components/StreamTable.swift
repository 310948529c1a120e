import StormCore
import StormTopology

/// The streams of a component by the bytes of their names, as children write them.
struct StreamTable {
    private let streams: [(name: [UInt8], stream: OutputStream)]

    init(_ description: ComponentDescription?, _ stream: (StreamID) -> OutputStream) {
        streams = (description?.streams ?? []).map { (Array($0.id.name.utf8), stream($0.id)) }
    }

    /// Nil: there is none of this name.
    subscript(name: [UInt8]) -> OutputStream? {
        for entry in streams where entry.name == name { return entry.stream }
        return nil
    }

    /// The stream of an emit. - Parameter other: of a name that the component does not have. - Returns: nil: the default one.
    func find(_ name: [UInt8], _ other: (StreamID) -> OutputStream) -> OutputStream? {
        name.isEmpty ? nil : self[name] ?? other(StreamID(String(decoding: name, as: UTF8.self)))
    }
}

extension EncodedEmission {
    init(_ emit: PackedEmit, _ streams: StreamTable, other: (StreamID) -> OutputStream) {
        self.init(fields: emit.fields, fieldCount: emit.fieldCount)
        stream = streams.find(emit.stream, other)
    }

    /// What a child's emit asks for. `body` gets it while the message's bytes are in place.
    static func with<R>(
        _ message: ChildMessage, _ streams: StreamTable, other: (StreamID) -> OutputStream,
        _ body: (EncodedEmission) -> R
    ) -> R {
        message.fields.bytes.withUnsafeBytes { fields in
            var emission = EncodedEmission(fields: fields, fieldCount: message.fieldCount)
            emission.stream = streams.find(message.stream, other)
            if message.isDirect {
                // A number that no task has is one that does not listen.
                emission.task = TaskID(Int32(clamping: message.task))
            } else {
                emission.wantsTargets = message.needsTaskIDs
            }
            return body(emission)
        }
    }
}
