import StormCore
import StormWire

/// Writes messages to a child. Shapes and key names are Storm's (`JsonSerializer`); the channel's are in `FrameKind`.
///
/// Keeps what it wrote until somebody takes it.
struct ChildEncoder {
    let serializer: Serializer
    var bytes: [UInt8] = []
    /// Of the channel.
    var frame = OpenFrame()

    init(_ serializer: Serializer) { self.serializer = serializer }

    var isEmpty: Bool { bytes.isEmpty }

    mutating func take() -> [UInt8] {
        closeFrame()
        defer { bytes = [] }
        return bytes
    }

    mutating func removeAll() {
        bytes.removeAll()
        frame.kind = nil
    }

    // MARK: Messages

    /// The first message.
    mutating func handshake(_ content: Value) {
        let encoded = UnsafeMutableRawPointer.allocate(byteCount: content.encodedByteCount, alignment: 8)
        defer { encoded.deallocate() }
        _ = content.encode(at: encoded)
        switch serializer {
        case .json, .channel:
            beginMessage()
            _ = JSONWriter.write(field: encoded, to: &bytes)
            endMessage()
        case .messagePack: _ = PackWriter.write(field: encoded, to: &bytes)
        }
    }

    /// Where a tuple comes from, ready to be written: made once per stream, so that it is known by its identity.
    final class Origin {
        fileprivate let text: [UInt8]
        /// How a run of the channel begins.
        let run: [UInt8]

        init(_ serializer: Serializer, component: String, stream: String) {
            var text: [UInt8] = []
            var run: [UInt8] = []
            switch serializer {
            case .json:
                JSONWriter.raw(",\"comp\":", to: &text)
                JSONWriter.write(component, to: &text)
                JSONWriter.raw(",\"stream\":", to: &text)
                JSONWriter.write(stream, to: &text)
                JSONWriter.raw(",\"task\":", to: &text)
            case .messagePack:
                PackWriter.write("comp", to: &text)
                PackWriter.write(component, to: &text)
                PackWriter.write("stream", to: &text)
                PackWriter.write(stream, to: &text)
                PackWriter.write("task", to: &text)
            case .channel:
                JSONWriter.raw("[", to: &run)
                JSONWriter.write(component, to: &run)
                JSONWriter.raw(",", to: &run)
                JSONWriter.write(stream, to: &run)
                JSONWriter.raw(",", to: &run)
            }
            self.text = text
            self.run = run
        }
    }

    /// A tuple for a bolt. - Parameter origin: made for this encoder's serializer.
    mutating func tuple(id: UInt64, from origin: Origin, task: TaskID, fields: UnsafeRawPointer, count: Int) {
        switch serializer {
        case .json:
            JSONWriter.raw("{\"id\":\"", to: &bytes)
            JSONWriter.write(id, to: &bytes)
            JSONWriter.raw("\"", to: &bytes)
            bytes.append(contentsOf: origin.text)
            JSONWriter.write(Int64(task.rawValue), to: &bytes)
            JSONWriter.raw(",\"tuple\":", to: &bytes)
            _ = JSONWriter.write(fields: fields, count: count, to: &bytes)
            JSONWriter.raw("}\nend\n", to: &bytes)
        case .messagePack:
            PackWriter.beginMap(5, to: &bytes)
            PackWriter.write("id", to: &bytes)
            PackWriter.write("\(id)", to: &bytes)
            bytes.append(contentsOf: origin.text)
            PackWriter.write(Int64(task.rawValue), to: &bytes)
            PackWriter.write("tuple", to: &bytes)
            _ = PackWriter.write(fields: fields, count: count, to: &bytes)
        case .channel: channelTuple(id: id, from: origin, task: task, fields: fields, count: count)
        }
    }

    /// Asks a bolt for a sign of life.
    mutating func heartbeat(id: UInt64) {
        switch serializer {
        case .json, .channel:
            beginMessage()
            JSONWriter.raw("{\"id\":\"", to: &bytes)
            JSONWriter.write(id, to: &bytes)
            JSONWriter.raw("\",\"comp\":null,\"stream\":\"__heartbeat\",\"task\":-1,\"tuple\":[]}", to: &bytes)
            endMessage()
        case .messagePack:
            PackWriter.beginMap(5, to: &bytes)
            PackWriter.write("id", to: &bytes)
            PackWriter.write("\(id)", to: &bytes)
            PackWriter.write("comp", to: &bytes)
            PackWriter.writeNull(to: &bytes)
            PackWriter.write("stream", to: &bytes)
            PackWriter.write("__heartbeat", to: &bytes)
            PackWriter.write("task", to: &bytes)
            PackWriter.write(Int64(-1), to: &bytes)
            PackWriter.write("tuple", to: &bytes)
            PackWriter.beginList(0, to: &bytes)
        }
    }

    /// A command to a spout. - Parameter id: nil is written as the empty string, as Storm does.
    mutating func command(_ name: StaticString, id: ChildID? = nil) {
        switch serializer {
        case .json, .channel:
            beginMessage()
            JSONWriter.raw("{\"command\":\"", to: &bytes)
            JSONWriter.raw(name, to: &bytes)
            JSONWriter.raw("\",\"id\":", to: &bytes)
            if let id { write(id) } else { JSONWriter.raw("\"\"", to: &bytes) }
            JSONWriter.raw("}", to: &bytes)
            endMessage()
        case .messagePack:
            PackWriter.beginMap(2, to: &bytes)
            PackWriter.write("command", to: &bytes)
            PackWriter.write(name, to: &bytes)
            PackWriter.write("id", to: &bytes)
            switch id {
            case nil: PackWriter.write("", to: &bytes)
            case .int(let value): PackWriter.write(value, to: &bytes)
            case .text(let text): PackWriter.write(text, to: &bytes)
            case .other(let raw): bytes.append(contentsOf: raw)
            }
        }
    }

    /// Tells a spout what became of a message. - Returns: whether the child owes an answer for it alone.
    mutating func outcome(isAcked: Bool, id: ChildID) -> Bool {
        if serializer == .channel { return channelOutcome(isAcked ? .acked : .failed, id: id) }
        command(isAcked ? "ack" : "fail", id: id)
        return true
    }

    /// The answer to an emit.
    mutating func taskIDs(_ tasks: [TaskID]) {
        switch serializer {
        case .json, .channel:
            beginMessage()
            bytes.append(UInt8(ascii: "["))
            for (index, task) in tasks.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONWriter.write(Int64(task.rawValue), to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
            endMessage()
        case .messagePack:
            PackWriter.beginList(tasks.count, to: &bytes)
            for task in tasks { PackWriter.write(Int64(task.rawValue), to: &bytes) }
        }
    }
}
