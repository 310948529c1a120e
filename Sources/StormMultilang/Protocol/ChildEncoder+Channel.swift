import StormCore
import StormWire

extension ChildEncoder {
    /// The frame that is being written: what comes next goes into it if it fits in kind, and while it is short.
    struct OpenFrame {
        var kind: FrameKind?
        var start = 0
        /// Of tuples: the run that is open.
        var origin: Origin?
        var task = TaskID(0)
        var next: UInt64 = 0
    }

    /// - Returns: whether a frame was begun.
    @discardableResult
    private mutating func openFrame(_ kind: FrameKind) -> Bool {
        if frame.kind == kind, kind != .message, bytes.count - frame.start < FrameKind.wantedBytes { return false }
        closeFrame()
        frame.kind = kind
        frame.start = bytes.count
        for _ in 0..<4 { bytes.append(0) }
        bytes.append(kind.rawValue)
        return true
    }

    /// Ends the frame that is open, if any.
    mutating func closeFrame() {
        guard let kind = frame.kind else { return }
        switch kind {
        case .tuples: JSONWriter.raw("]]]", to: &bytes)
        case .acked, .failed: JSONWriter.raw("]", to: &bytes)
        default: break
        }
        let length = UInt32(bytes.count - frame.start - 4)
        for offset in 0..<4 { bytes[frame.start + offset] = UInt8(truncatingIfNeeded: length >> UInt32(8 * offset)) }
        frame.kind = nil
    }

    mutating func beginMessage() {
        if serializer == .channel { openFrame(.message) }
    }

    mutating func endMessage() {
        if serializer == .channel { closeFrame() } else { JSONWriter.raw("\nend\n", to: &bytes) }
    }

    mutating func channelTuple(
        id: UInt64, from origin: Origin, task: TaskID, fields: UnsafeRawPointer, count: Int
    ) {
        if openFrame(.tuples) {
            JSONWriter.raw("[", to: &bytes)
            beginRun(id: id, origin, task)
        } else if frame.next == id, frame.task == task, frame.origin === origin {
            JSONWriter.raw(",", to: &bytes)
        } else {
            JSONWriter.raw("]],", to: &bytes)
            beginRun(id: id, origin, task)
        }
        _ = JSONWriter.write(fields: fields, count: count, to: &bytes)
        frame.next = id + 1
    }

    private mutating func beginRun(id: UInt64, _ origin: Origin, _ task: TaskID) {
        bytes.append(contentsOf: origin.run)
        JSONWriter.write(Int64(task.rawValue), to: &bytes)
        JSONWriter.raw(",", to: &bytes)
        JSONWriter.write(id, to: &bytes)
        JSONWriter.raw(",[", to: &bytes)
        frame.origin = origin
        frame.task = task
    }

    /// Asks a spout for messages.
    mutating func next(room: Int) {
        openFrame(.next)
        JSONWriter.write(Int64(room), to: &bytes)
        closeFrame()
    }

    /// Tells a spout what became of a message. - Returns: whether the child owes an answer for it alone.
    mutating func channelOutcome(_ kind: FrameKind, id: ChildID) -> Bool {
        let isNew = openFrame(kind)
        JSONWriter.raw(isNew ? "[" : ",", to: &bytes)
        write(id)
        return isNew
    }

    /// As JSON.
    mutating func write(_ id: ChildID) {
        switch id {
        case .int(let value): JSONWriter.write(value, to: &bytes)
        case .text(let text): JSONWriter.write(text, to: &bytes)
        case .other(let raw): bytes.append(contentsOf: raw)
        }
    }
}
