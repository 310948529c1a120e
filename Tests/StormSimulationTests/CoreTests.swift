import Testing

@testable import StormSimulation

struct EventQueueTests {
    @Test func whatIsDueComesInTheOrderOfTimeAndEntry() {
        var queue = EventQueue<String>()
        for (time, name) in [(3, "c"), (1, "a"), (2, "b1"), (2, "b2"), (9, "z"), (2, "b3")] {
            queue.add(at: Int64(time), name)
        }
        var found: [String] = []
        while let next = queue.popDue(3) { found.append(next) }
        #expect(found == ["a", "b1", "b2", "b3", "c"])
        #expect(queue.nextTime == 9 && queue.count == 1)
    }
}

struct TraceTests {
    @Test func newestLinesAreKeptAndAllCountForTheHash() {
        var (one, other) = (Trace(), Trace())
        for index in 0..<500 {
            one.add("line \(index)")
            other.add(index == 3 ? "another" : "line \(index)")
        }
        #expect(one.lines.count == Trace.keptMax && one.lines.last == "line 499" && one.lines.first == "line 300")
        #expect(one.lines == other.lines && one.hash != other.hash && one.count == 500)
    }
}

struct ConnectivityTests {
    @Test func aWayCanBeBlockedInOneDirection() {
        var connectivity = Connectivity()
        connectivity.block([.init(from: 1, to: 2)])
        #expect(!connectivity.isOpen(from: 1, to: 2) && connectivity.isOpen(from: 2, to: 1))
        #expect(!connectivity.isOpenBothWays(2, 1) && connectivity.isOpenBothWays(1, 3))
        connectivity.heal()
        #expect(connectivity.isOpen(from: 1, to: 2))
    }
}
