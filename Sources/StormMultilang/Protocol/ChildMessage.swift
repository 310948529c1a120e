import Glibc
import StormWire

/// A message from a child, taken apart. Used again for each message, so that nothing is allocated per tuple.
struct ChildMessage {
    enum Kind: Equatable {
        /// `{"pid": n}`, the answer to the handshake.
        case started(pid: Int)
        case emit, ack, fail, log, error, metrics, sync
        /// Of the channel: `credit` more tuples may be sent.
        case credit
        /// Of the channel: emits that the session gives one by one; see `ChildSession.eachPacked`.
        case packedEmits
        /// A command of this name.
        case unknown(String)
    }

    /// What a child reports of a metric.
    struct Metric: Equatable {
        enum Kind { case counter, gauge }

        enum Value: Equatable {
            case none
            case int(Int64)
            case double(Double)
            case other
        }

        /// Nil: it does not say.
        var kind: Kind?
        var value = Value.none
    }

    var kind = Kind.sync
    /// Of a spout's emit; nil: untracked.
    var id: ChildID?
    /// Of a bolt's ack or fail: the number of the tuple. Nil: there is none, or it is no number of ours.
    var tuple: UInt64?
    /// How many tuples from that number on it is about.
    var tupleCount = 1
    /// Of a bolt's emit.
    var anchors: [UInt64] = []
    /// UTF-8; empty: the default stream.
    var stream: [UInt8] = []
    /// The task of a direct emit; 0: it is not direct.
    var task: Int64 = 0
    var needsTaskIDs = true
    /// What is emitted.
    var fields = FieldBuffer()
    var fieldCount = 0
    /// Of a log or error message; the name of a metric.
    var text = ""
    /// Of a metrics message.
    var metric = Metric()
    /// Of a log message, 0 (trace) to 4 (error); 2 if there is none.
    var level: Int64 = 2
    /// Tuples that a child on the channel is ready for, with its pid; and later, for how many more.
    var credit = 0

    mutating func reset() {
        kind = .unknown("")
        id = nil
        tuple = nil
        tupleCount = 1
        anchors.removeAll(keepingCapacity: true)
        stream.removeAll(keepingCapacity: true)
        task = 0
        needsTaskIDs = true
        fields.removeAll()
        fieldCount = 0
        text = ""
        metric = Metric()
        level = 2
        credit = 0
    }

    var isDirect: Bool { task != 0 }

    static func kind(named name: UnsafeRawBufferPointer) -> Kind {
        if name.reads("emit") { return .emit }
        if name.reads("ack") { return .ack }
        if name.reads("sync") { return .sync }
        if name.reads("fail") { return .fail }
        if name.reads("log") { return .log }
        if name.reads("error") { return .error }
        if name.reads("metrics") { return .metrics }
        return .unknown(String(decoding: name, as: UTF8.self))
    }

    /// What stands under a key; nil: nobody asks for it.
    enum Key {
        case command, id, anchors, stream, task, tuple, needTaskIDs, message, level, name, pid, credit
        case metric, metricKind

        init?(_ text: UnsafeRawBufferPointer) {
            switch text.count {
            case 2 where text.reads("id"): self = .id
            case 3 where text.reads("msg"): self = .message
            case 3 where text.reads("pid"): self = .pid
            case 4 where text.reads("task"): self = .task
            case 4 where text.reads("name"): self = .name
            case 4 where text.reads("kind"): self = .metricKind
            case 5 where text.reads("tuple"): self = .tuple
            case 5 where text.reads("level"): self = .level
            case 6 where text.reads("stream"): self = .stream
            case 6 where text.reads("credit"): self = .credit
            case 6 where text.reads("params"): self = .metric
            case 7 where text.reads("command"): self = .command
            case 7 where text.reads("anchors"): self = .anchors
            case 13 where text.reads("need_task_ids"): self = .needTaskIDs
            default: return nil
            }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are those of a text.
    fileprivate func reads(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount, let baseAddress else { return false }
        return memcmp(baseAddress, text.utf8Start, count) == 0
    }
}
