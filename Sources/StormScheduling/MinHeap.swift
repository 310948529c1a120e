/// Elements of which the least one can be taken. Binary heap.
struct MinHeap<Element: Comparable> {
    private var elements: [Element]

    /// O(n).
    init(_ elements: [Element]) {
        self.elements = elements
        for index in stride(from: elements.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    /// The least element; nil: there is none. O(1).
    var first: Element? { elements.first }

    /// O(log n). There must be one.
    mutating func removeFirst() {
        elements.swapAt(0, elements.count - 1)
        elements.removeLast()
        sink(0)
    }

    /// O(log n). There must be one.
    mutating func replaceFirst(_ element: Element) {
        elements[0] = element
        sink(0)
    }

    private mutating func sink(_ index: Int) {
        var index = index
        while true {
            var least = index
            for child in (2 * index + 1)...(2 * index + 2)
            where child < elements.count && elements[child] < elements[least] { least = child }
            if least == index { return }
            elements.swapAt(index, least)
            index = least
        }
    }
}
