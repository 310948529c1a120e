package import StormLogs

/// Merges the lines of several sources by time, each source in its own order. Pure; holds what was added and not taken yet,
/// so that the owner decides how much that is.
///
/// A line comes out when no source can have an earlier one: each has a line waiting, or has ended.
package struct LineMerge: Sendable {
    private struct Head: Comparable {
        let timeMilliseconds: Int64
        let source: Int

        static func < (a: Head, b: Head) -> Bool {
            (a.timeMilliseconds, a.source) < (b.timeMilliseconds, b.source)
        }
    }

    private var waiting: [ArraySlice<LogRecord>]
    private var hasEnded: [Bool]
    /// Greatest time that a source has given: a clock that went back does not change a source's own order.
    private var reached: [Int64]
    /// A binary heap of the sources with lines, by their first one.
    private var heads: [Head] = []
    /// Sources without a line that have not ended.
    package private(set) var needs: Set<Int>

    package init(sources: Int) {
        waiting = Array(repeating: [], count: sources)
        hasEnded = Array(repeating: false, count: sources)
        reached = Array(repeating: Int64.min, count: sources)
        needs = Set(0..<sources)
    }

    /// Nothing more will come out.
    package var isDone: Bool { needs.isEmpty && heads.isEmpty }

    /// - Precondition: the source is one of `needs`.
    package mutating func add(_ lines: [LogRecord], to source: Int) {
        precondition(needs.contains(source), "source \(source) has lines, or has ended")
        guard !lines.isEmpty else { return }
        waiting[source] = lines[...]
        needs.remove(source)
        push(source)
    }

    /// There is nothing more from this source than what was added.
    package mutating func end(_ source: Int) {
        hasEnded[source] = true
        needs.remove(source)
    }

    /// The next line; nil while there are `needs`, and at the end.
    package mutating func next() -> (line: LogRecord, source: Int)? {
        guard needs.isEmpty, let head = heads.first else { return nil }
        let source = head.source
        pop()
        let line = waiting[source].removeFirst()
        reached[source] = max(reached[source], line.timeMilliseconds)
        if !waiting[source].isEmpty {
            push(source)
        } else if !hasEnded[source] {
            needs.insert(source)
        }
        return (line, source)
    }

    // MARK: Heap

    private mutating func push(_ source: Int) {
        guard let first = waiting[source].first else { return }
        heads.append(Head(timeMilliseconds: max(first.timeMilliseconds, reached[source]), source: source))
        var child = heads.count - 1
        while child > 0, heads[child] < heads[(child - 1) / 2] {
            heads.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() {
        heads.swapAt(0, heads.count - 1)
        heads.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heads.count && heads[child] < heads[least] {
                least = child
            }
            if least == parent { return }
            heads.swapAt(parent, least)
            parent = least
        }
    }
}
