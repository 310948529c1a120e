/// What is to happen at which time: earliest first, and of the same time in the order of their entry. A binary heap of
/// plain numbers; the contents stay where they are while it is put in order.
struct EventQueue<Content> {
    private struct Entry {
        let time: Int64
        let number: UInt64
        let place: Int

        func isBefore(_ other: Entry) -> Bool { (time, number) < (other.time, other.number) }
    }

    private var heap: [Entry] = []
    private var contents: [Content?] = []
    private var freePlaces: [Int] = []
    private var entered: UInt64 = 0

    var nextTime: Int64 { heap.first?.time ?? .max }
    var count: Int { heap.count }

    mutating func add(at time: Int64, _ content: Content) {
        entered += 1
        let place: Int
        if let free = freePlaces.popLast() {
            place = free
            contents[free] = content
        } else {
            place = contents.count
            contents.append(content)
        }
        heap.append(Entry(time: time, number: entered, place: place))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// - Returns: nil when nothing is due.
    mutating func popDue(_ now: Int64) -> Content? {
        guard let first = heap.first, first.time <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        freePlaces.append(first.place)
        defer { contents[first.place] = nil }
        return contents[first.place]
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [parent * 2 + 1, parent * 2 + 2] where child < heap.count {
                if heap[child].isBefore(heap[least]) { least = child }
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
