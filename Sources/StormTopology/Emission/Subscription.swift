import StormCore
import StormWire

/// One bolt's subscription to one stream of this task: its grouping at work.
///
/// Evaluated per tuple in `Emitter.distribute`; the ones that do not look at values run on the fast path instead when
/// they are alone on their stream.
struct Subscription {
    enum Mode {
        /// In turn over `candidates`.
        case turn
        case all
        /// Field indexes.
        case fields([Int])
        case partialKey([Int])
        case custom(any CustomGrouping)
        /// Only reached by `emitDirect`.
        case direct
    }

    let mode: Mode
    /// Outbox numbers of all the bolt's tasks, ascending by task.
    let targets: [Int32]
    let tasks: [TaskID]
    /// Outbox numbers that `turn` chooses from.
    let candidates: [Int32]
    private var next: Int
    /// Tuples sent to each target, for partial-key.
    private var sent: [Int]

    init(mode: Mode, targets: [Int32], tasks: [TaskID], candidates: [Int32], start: Int) {
        self.mode = mode
        self.targets = targets
        self.tasks = tasks
        self.candidates = candidates
        next = candidates.isEmpty ? 0 : start % candidates.count
        sent = Array(repeating: 0, count: targets.count)
    }

    /// Calls `body` with the outbox of each target of the encoded tuple whose fields start at `fields`.
    mutating func choose(_ fields: UnsafeRawPointer, count: Int, _ body: (Int32) -> Void) {
        switch mode {
        case .turn:
            body(candidates[next])
            next = next + 1 == candidates.count ? 0 : next + 1
        case .all:
            for target in targets { body(target) }
        case .fields(let indexes):
            body(targets[StableHash.reduce(Self.hash(fields, indexes), to: targets.count)])
        case .partialKey(let indexes):
            let hash = Self.hash(fields, indexes)
            let first = StableHash.reduce(hash, to: targets.count)
            var second = StableHash.reduce(mix64(hash), to: targets.count)
            if second == first { second = (first + 1) % targets.count }
            let chosen = sent[second] < sent[first] ? second : first
            sent[chosen] += 1
            body(targets[chosen])
        case .custom(let grouping):
            var p = fields
            let values = (0..<count).map { _ in
                defer { p += FieldReader.byteCount(at: p) }
                return Value(at: p)
            }
            for task in grouping.choose(values) {
                guard let index = tasks.firstIndex(of: task) else {
                    preconditionFailure("custom grouping chose task \(task), which is none of its targets \(tasks)")
                }
                body(targets[index])
            }
        case .direct:
            preconditionFailure(
                "emitted without naming a task on a direct stream; use emitDirect (subscribers: \(tasks))")
        }
    }

    /// Hash of the chosen fields' bytes. The same in every process.
    private static func hash(_ fields: UnsafeRawPointer, _ indexes: [Int]) -> UInt64 {
        var hash: UInt64 = 0
        for index in indexes {
            let p = FieldReader.field(index, from: fields)
            hash = StableHash.hash(p, count: FieldReader.byteCount(at: p), seed: hash)
        }
        return hash
    }
}
