import StormCore
import StormRuntime
import StormTopology
import StormWire

extension MicroBenchmark {
    /// Trees that are open at any moment.
    private static let window = 4096

    static let ledger = MicroBenchmark(name: "ack", unit: "tree of two records, start and ack, in an acker") {
        operations in
        var ledger = AckLedger()
        var completed: UInt64 = 0
        for number in 0..<operations + window {
            if number < operations {
                // From 1: the mix of 0 is 0, and a tree that starts with it is complete.
                let root = UInt64(number) + 1
                _ = ledger.apply(AckRecord(.start, root: root, value: mix64(root), task: 1))
            }
            if number >= window {
                let root = UInt64(number - window) + 1
                if ledger.apply(AckRecord(.ack, root: root, value: mix64(root))) != nil { completed += 1 }
            }
        }
        return completed
    }

    static let trees = MicroBenchmark(name: "pending", unit: "message tracked and released in a spout") { operations in
        var trees = PendingTrees(task: TaskID(1), generation: 0)
        var roots = [UInt64](repeating: 0, count: window)
        var released: UInt64 = 0
        for number in 0..<operations + window {
            let slot = number % window
            if number >= window, trees.remove(roots[slot]) != nil { released += 1 }
            if number < operations { roots[slot] = trees.insert(.int(number), now: Int64(number), deadline: .max) }
        }
        return released
    }
}
