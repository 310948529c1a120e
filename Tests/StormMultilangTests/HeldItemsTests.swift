import Testing

@testable import StormMultilang

@Suite struct HeldItemsTests {
    /// Against a dictionary, with a few items that stay for long.
    @Test(arguments: [1, 2, 3] as [UInt64]) func itemsAreFoundByTheirNumbersHoweverLongTheyStay(_ seed: UInt64) {
        var random = Seeded(state: seed)
        var held = HeldItems<Int>()
        var model: [UInt64: Int] = [:]
        for step in 0..<600_000 {
            let number = held.append(step, deadline: .max)
            if number != UInt64(step + 1) { Issue.record("number \(number) at step \(step)") }
            model[number] = step
            while model.count > 50 {
                // Mostly one of the newest.
                let back = Int.random(in: 0..<1000, using: &random) == 0 ? step : min(step, 60)
                let wanted = number - UInt64(Int.random(in: 0...back, using: &random))
                let (found, expected) = (held.remove(wanted), model.removeValue(forKey: wanted))
                if found != expected { Issue.record("\(wanted): \(String(describing: found))") }
                if model.count > 3000 { break }
                if expected == nil, Int.random(in: 0..<2, using: &random) == 0 { break }
            }
        }
        #expect(held.count == model.count)
        for (number, item) in model { #expect(held[number] == item) }
        #expect(held[0] == nil && held[held.next] == nil)
        let all = held.removeAll()
        #expect(all == model.sorted { $0.key < $1.key }.map(\.value))
        let (count, deadline) = (held.count, held.nextDeadline())
        #expect(count == 0 && deadline == .max)
        let number = held.append(7, deadline: 5)
        #expect(number == 600_001 && held[number] == 7)
    }

    @Test func theOldestExpiresFirst() {
        var held = HeldItems<String>()
        for name in ["a", "b", "c"] { _ = held.append(name, deadline: Int64(10 * (held.next))) }
        _ = held.remove(1)
        let deadline = held.nextDeadline()
        let expired = [19, 30, 30, .max - 1].map { held.removeExpired(now: $0) }
        #expect(deadline == 20 && expired == [nil, "b", "c", nil])
        #expect(held.count == 0)
    }
}

private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
