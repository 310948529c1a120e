/// What a child has been given and has not settled, by the numbers under which it got them: 1, 2, 3, ….
///
/// Most are settled soon after they came, so those of the newest numbers are in a ring, where finding one costs nothing;
/// the few that a child keeps for longer are moved to a dictionary.
struct HeldItems<Item> {
    struct Held {
        let item: Item
        let deadline: Int64
        /// When it was given.
        let started: Int64
    }

    /// Most numbers that the ring spans.
    static var spanMax: Int { 1 << 17 }

    /// Of number n at `n % ring.count`; the count is a power of two.
    private var ring: [Held?]
    /// Numbers from here to before `next` are in the ring.
    private var first: UInt64 = 1
    private(set) var next: UInt64 = 1
    private var old: [UInt64: Held] = [:]
    /// Numbers below are settled.
    private var oldest: UInt64 = 1
    private(set) var count = 0

    init() { ring = [Held?](repeating: nil, count: 64) }

    private func place(_ number: UInt64) -> Int { Int(truncatingIfNeeded: number) & (ring.count - 1) }

    /// - Returns: its number.
    mutating func append(_ item: Item, deadline: Int64, started: Int64 = 0) -> UInt64 {
        if next - first == UInt64(ring.count) { makeRoom() }
        let number = next
        ring[place(number)] = Held(item: item, deadline: deadline, started: started)
        next += 1
        count += 1
        return number
    }

    /// Settled numbers leave the ring; then it grows if it is well filled, else its oldest item moves away.
    private mutating func makeRoom() {
        while first < next, ring[place(first)] == nil { first += 1 }
        guard next - first == UInt64(ring.count) else { return }
        if ring.count < Self.spanMax, (count - old.count) * 2 > ring.count {
            var larger = [Held?](repeating: nil, count: ring.count * 2)
            for number in first..<next {
                larger[Int(truncatingIfNeeded: number) & (larger.count - 1)] = ring[place(number)]
            }
            ring = larger
        } else {
            old[first] = ring[place(first)]
            ring[place(first)] = nil
            first += 1
        }
    }

    subscript(number: UInt64) -> Item? {
        guard number < next else { return nil }
        return (number >= first ? ring[place(number)] : old[number])?.item
    }

    /// - Returns: what has this number; nil: it is settled, or there was none.
    mutating func remove(_ number: UInt64) -> Item? { take(number)?.item }

    /// As `remove`, with all that is known of it.
    mutating func take(_ number: UInt64) -> Held? {
        guard number < next else { return nil }
        guard number >= first else {
            guard let held = old.removeValue(forKey: number) else { return nil }
            count -= 1
            return held
        }
        let index = place(number)
        guard let held = ring[index] else { return nil }
        ring[index] = nil
        count -= 1
        return held
    }

    /// When the oldest has to be settled; `max`: there is none.
    mutating func nextDeadline() -> Int64 {
        while oldest < next {
            if oldest >= first {
                if let held = ring[place(oldest)] { return held.deadline }
            } else if let held = old[oldest] {
                return held.deadline
            }
            oldest += 1
        }
        return .max
    }

    /// Takes the oldest away if its deadline has passed.
    mutating func removeExpired(now: Int64) -> Item? {
        guard nextDeadline() <= now else { return nil }
        return remove(oldest)
    }

    /// All, in the order of their numbers; then there is none.
    mutating func removeAll() -> [Item] {
        var all = old.keys.sorted().compactMap { old[$0]?.item }
        for number in first..<next { if let held = ring[place(number)] { all.append(held.item) } }
        old = [:]
        ring = [Held?](repeating: nil, count: 64)
        first = next
        oldest = next
        count = 0
        return all
    }
}
