import Storm

/// Puts the counts of all tasks together and writes them: once, when all are there, or live, every second.
final class Report: Bolt {
    private let output: String?
    private let once: Bool
    private var totals = Totals(tasks: 0)
    private var held: [Tuple] = []
    private var isWritten = false
    private var live: [String: Int] = [:]
    private var hasNews = false

    init(output: String?, once: Bool) {
        self.output = output
        self.once = once
    }

    func prepare(_ context: TaskContext, _ out: Collector) throws {
        totals = Totals(tasks: context.tasks(of: "count").count)
    }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        if tuple.sourceStream == "live" {
            hasNews = live.updateValue(tuple.int(1), forKey: tuple.string(0)) != tuple.int(1) || hasNews
            return out.ack(tuple)
        }
        // Asked again because an ack was lost.
        if isWritten { return out.ack(tuple) }
        held.append(tuple)
        totals.add(task: tuple.int(0), entries: tuple.int(1), tuple.string(2), tuple.int(3))
        guard totals.isComplete else { return }
        let text = Totals.text(totals.counts)
        if let output {
            try TextFile.replace(output, with: Array(text.utf8))
        } else {
            print(text, terminator: "")
        }
        isWritten = true
        for tuple in held { out.ack(tuple) }
        held.removeAll()
    }

    func tick(_ tuple: Tuple, _ out: Collector) throws {
        guard hasNews else { return }
        if let output {
            try TextFile.replace(output + ".live", with: Array(Totals.text(live).utf8))
        } else {
            let top = live.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(10)
            print(top.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        }
        hasNews = false
    }
}

/// Gathers what the counting tasks send; the same entry may come more than once.
struct Totals {
    private let tasks: Int
    /// Entries that a task has announced and that did not come yet.
    private var missing: [Int: Int] = [:]
    /// A word belongs to one task only, by the fields grouping.
    private(set) var counts: [String: Int] = [:]

    init(tasks: Int) { self.tasks = tasks }

    /// - Parameter entries: how many entries the task has; with 0 the word means nothing.
    mutating func add(task: Int, entries: Int, _ word: String, _ count: Int) {
        if missing[task] == nil { missing[task] = entries }
        guard entries > 0 else { return }
        if counts.updateValue(count, forKey: word) == nil { missing[task, default: 0] -= 1 }
    }

    var isComplete: Bool { missing.count == tasks && missing.values.allSatisfy { $0 == 0 } }

    /// `word<TAB>count` lines, sorted by bytes.
    static func text(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value)\n" }.joined()
    }
}
