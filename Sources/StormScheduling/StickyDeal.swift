import StormCore

/// Deals executors to slots so that sizes differ by at most one and as few executors as possible change their place.
/// Pure.
enum StickyDeal {
    /// - Parameters:
    ///   - slots: all that are to be used; none gives an empty result.
    ///   - present: who runs where now, on these and other slots; executors that are not among `executors` are dropped.
    ///   - components: number of each executor's component.
    /// - Returns: each executor once. A slot stays empty only when there are more slots than executors.
    static func deal(
        _ executors: [ExecutorRange], to slots: [Slot], present: [Slot: [ExecutorRange]],
        components: [ExecutorRange: Int]
    ) -> [Slot: [ExecutorRange]] {
        guard !slots.isEmpty else { return [:] }
        var left = Set(executors)
        var dealt: [Slot: [ExecutorRange]] = [:]
        for slot in slots.sorted() {
            dealt[slot] = (present[slot] ?? []).sorted().filter { left.remove($0) != nil }
        }
        let room = room(in: dealt, for: executors.count)
        for slot in slots.sorted() {
            while dealt[slot]!.count > room[slot]! {
                left.insert(dealt[slot]!.remove(at: indexToGo(dealt[slot]!, components)))
            }
        }
        place(left.sorted(), in: &dealt, room: room, components)
        return dealt.mapValues { $0.sorted() }
    }

    /// A slot that has room, by how gladly it is given an executor of the component that is dealt just now.
    private struct Place: Comparable {
        /// Executors of that component here.
        var same: Int
        var count: Int
        /// In the order of the slots.
        let index: Int

        static func < (a: Place, b: Place) -> Bool { (a.same, a.count, a.index) < (b.same, b.count, b.index) }
    }

    /// Each to the slot with the fewest of its component, then the fewest at all. O(executors log slots + slots for each
    /// run of executors of one component).
    private static func place(
        _ executors: [ExecutorRange], in dealt: inout [Slot: [ExecutorRange]], room: [Slot: Int],
        _ components: [ExecutorRange: Int]
    ) {
        let slots = dealt.keys.sorted()
        let rooms = slots.map { room[$0] ?? 0 }
        var contents = slots.map { dealt[$0] ?? [] }
        var start = 0
        while start < executors.count {
            let component = components[executors[start]] ?? 0
            let end = executors[start...].firstIndex { (components[$0] ?? 0) != component } ?? executors.count
            var heap = MinHeap(
                contents.indices.filter { contents[$0].count < rooms[$0] }.map { index in
                    Place(
                        same: contents[index].count { (components[$0] ?? 0) == component },
                        count: contents[index].count, index: index)
                })
            for executor in executors[start..<end] {
                // The rooms add up to the number of executors, so there is always one.
                guard var best = heap.first else { break }
                contents[best.index].append(executor)
                best.same += 1
                best.count += 1
                if best.count < rooms[best.index] { heap.replaceFirst(best) } else { heap.removeFirst() }
            }
            start = end
        }
        for (slot, content) in zip(slots, contents) { dealt[slot] = content }
    }

    /// How many each slot is to get: the bigger shares go to those that have most.
    private static func room(in dealt: [Slot: [ExecutorRange]], for count: Int) -> [Slot: Int] {
        let (size, bigger) = count.quotientAndRemainder(dividingBy: dealt.count)
        let order = dealt.sorted {
            $0.value.count == $1.value.count ? $0.key < $1.key : $0.value.count > $1.value.count
        }
        return Dictionary(
            uniqueKeysWithValues: order.enumerated().map { ($1.key, $0 < bigger ? size + 1 : size) })
    }

    /// The last executor of the component that has most of them here.
    private static func indexToGo(_ executors: [ExecutorRange], _ components: [ExecutorRange: Int]) -> Int {
        var counts: [Int: Int] = [:]
        for executor in executors { counts[components[executor] ?? 0, default: 0] += 1 }
        let most = counts.max { $0.value == $1.value ? $0.key < $1.key : $0.value < $1.value }
        return executors.lastIndex { (components[$0] ?? 0) == most?.key } ?? executors.count - 1
    }
}
