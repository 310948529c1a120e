import StormCore
import StormTopology

/// Messages that wait for their next attempt, the soonest due first. Pure: time and randomness come from outside.
///
/// A binary heap; messages due at the same time come out in the order in which they were put in. Whoever puts messages in
/// looks at `isFull` before it takes on *new* ones: one that has failed is always taken, so that none is lost; so a queue
/// holds at most `maxWaiting` and what was in flight when it became full.
struct RetryQueue<Element> {
    private struct Entry {
        let due: Int64
        let number: UInt64
        let element: Element

        func isBefore(_ other: Entry) -> Bool { due != other.due ? due < other.due : number < other.number }
    }

    let policy: RetryPolicy
    private var heap: [Entry] = []
    private var next: UInt64 = 0
    private var random: FastRandom

    init(_ policy: RetryPolicy, seed: UInt64) {
        self.policy = policy
        random = FastRandom(seed: seed)
    }

    var count: Int { heap.count }
    var isFull: Bool { heap.count >= policy.maxWaiting }
    /// When the first one is due, in monotonic nanoseconds; nil when none waits.
    var nextDue: Int64? { heap.first?.due }

    /// Puts a message aside after a failure. O(log n).
    /// - Parameter number: which failure of the message it was, from 1.
    /// - Returns: when it is due.
    @discardableResult
    mutating func add(_ element: Element, afterFailure number: Int, now: Int64) -> Int64 {
        let pause = policy.backoff.jittered(afterFailure: number, using: &random)
        let due = now.addingReportingOverflow(pause)
        return insert(element, due: due.overflow ? .max : due.partialValue)
    }

    /// Puts a message in that is due at once. O(log n).
    mutating func addDue(_ element: Element, now: Int64) { insert(element, due: now) }

    /// Takes the message that has been due longest. O(log n).
    mutating func popDue(now: Int64) -> Element? {
        guard let first = heap.first, first.due <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown()
        return first.element
    }

    /// Takes all out, in the order in which they would have been due.
    mutating func removeAll() -> [Element] {
        defer { heap.removeAll() }
        return heap.sorted { $0.isBefore($1) }.map(\.element)
    }

    @discardableResult
    private mutating func insert(_ element: Element, due: Int64) -> Int64 {
        heap.append(Entry(due: due, number: next, element: element))
        next += 1
        var index = heap.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index].isBefore(heap[parent]) else { break }
            heap.swapAt(index, parent)
            index = parent
        }
        return due
    }

    private mutating func siftDown() {
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
