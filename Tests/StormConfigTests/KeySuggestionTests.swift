@testable import StormCore
import Testing

@Suite struct KeySuggestionTests {
    @Test(arguments: [
        ("topology.worker", "topology.workers"), ("topology.wrokers", "topology.workers"),
        ("Topology.Workers", "topology.workers"), ("storm.zookeeper.server", "storm.zookeeper.servers"),
        ("nimbus.seed", "nimbus.seeds"), ("supervisor.slot.ports", "supervisor.slots.ports"),
        ("supervisor.slots.port", "supervisor.slots.ports"),
        ("topology.max.spout.pendign", "topology.max.spout.pending"),
        ("ui.prot", "ui.port"), ("topology_workers", "topology.workers"),
    ])
    func aTypingErrorFindsTheKeyThatWasMeant(typed: String, meant: String) {
        #expect(KeySuggestion.nearest(to: typed, among: ConfigKeys.byName.keys) == meant)
    }

    @Test(arguments: ["wordcount.minimum", "x", "", "kafka.brokers", "my.topology.setting"])
    func aNameUnlikeAnyKeyFindsNone(typed: String) {
        #expect(KeySuggestion.nearest(to: typed, among: ConfigKeys.byName.keys) == nil)
    }

    @Test func theDistanceIsThatOfTheTextbookForAllShortWords() {
        let words = Self.words(of: ["a", "b"], upTo: 4)
        for a in words {
            for b in words {
                let fast = KeySuggestion.distance(Array(a.utf8), Array(b.utf8), limit: 10)
                #expect(fast == Self.naive(Array(a.utf8)[...], Array(b.utf8)[...]), "\(a) \(b)")
            }
        }
    }

    private static func words(of letters: [String], upTo length: Int) -> [String] {
        var all = [""], last = [""]
        for _ in 0..<length {
            last = last.flatMap { word in letters.map { word + $0 } }
            all += last
        }
        return all
    }

    private static func naive(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var best = min(naive(a.dropLast(), b) + 1, naive(a, b.dropLast()) + 1)
        best = min(best, naive(a.dropLast(), b.dropLast()) + (a.last == b.last ? 0 : 1))
        if a.count > 1, b.count > 1, a.last == b.dropLast().last, a.dropLast().last == b.last {
            best = min(best, naive(a.dropLast(2), b.dropLast(2)) + 1)
        }
        return best
    }
}
