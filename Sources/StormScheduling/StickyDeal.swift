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
        for executor in left.sorted() {
            let component = components[executor] ?? 0
            func rank(_ slot: Slot) -> (Int, Int, Slot) {
                (dealt[slot]!.count { (components[$0] ?? 0) == component }, dealt[slot]!.count, slot)
            }
            let best = slots.filter { dealt[$0]!.count < room[$0]! }.min { rank($0) < rank($1) }
            // The rooms add up to the number of executors, so there is always one.
            if let best { dealt[best]!.append(executor) }
        }
        return dealt.mapValues { $0.sorted() }
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
