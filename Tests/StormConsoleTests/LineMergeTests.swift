import StormConsole
import StormLogs
import Testing

@Suite struct LineMergeTests {
    private func lines(_ times: [Int64], _ name: String) -> [LogRecord] {
        times.map { LogRecord(timeMilliseconds: $0, level: "info", message: "\(name)\($0)") }
    }

    private func taken(_ merge: inout LineMerge) -> [String] {
        var found: [String] = []
        while let (line, _) = merge.next() { found.append(line.message) }
        return found
    }

    @Test func nothingComesOutWhileASourceMayHaveAnEarlierLine() {
        var merge = LineMerge(sources: 2)
        #expect(merge.needs == [0, 1])
        merge.add(lines([5, 9], "a"), to: 0)
        #expect(merge.next() == nil && merge.needs == [1])
        merge.add(lines([1, 6], "b"), to: 1)
        #expect(taken(&merge) == ["b1", "a5", "b6"])
        #expect(merge.needs == [1] && !merge.isDone)
        merge.end(1)
        #expect(taken(&merge) == ["a9"])
        merge.end(0)
        #expect(merge.isDone)
    }

    @Test func aSourceKeepsItsOwnOrderWhenItsClockGoesBack() {
        var merge = LineMerge(sources: 2)
        merge.add(lines([7, 3, 8], "a"), to: 0)
        merge.add(lines([5, 7, 9], "b"), to: 1)
        merge.end(0)
        merge.end(1)
        #expect(taken(&merge) == ["b5", "a7", "a3", "b7", "a8", "b9"])
    }

    @Test func withoutSourcesItIsDone() {
        var merge = LineMerge(sources: 0)
        #expect(merge.isDone && merge.next() == nil)
    }

    /// Many sources in small pieces, against sorting everything.
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func itEqualsSortingEverything(seed: UInt64) {
        var state = seed
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        let sources = (0..<9).map { source -> [LogRecord] in
            var time: Int64 = 0
            return (0..<random(200)).map { number in
                time += Int64(random(4))
                return LogRecord(timeMilliseconds: time, level: "info", message: "\(source):\(number)")
            }
        }
        var expected: [(Int64, Int, Int, String)] = []
        for (source, lines) in sources.enumerated() {
            for (number, line) in lines.enumerated() {
                expected.append((line.timeMilliseconds, source, number, line.message))
            }
        }
        expected.sort { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }
        var merge = LineMerge(sources: sources.count)
        var left = sources.map { $0[...] }
        var found: [String] = []
        while !merge.isDone {
            for source in merge.needs.sorted() {
                let piece = left[source].prefix(1 + random(5))
                left[source] = left[source].dropFirst(piece.count)
                merge.add(Array(piece), to: source)
                if left[source].isEmpty { merge.end(source) }
            }
            while let (line, _) = merge.next() { found.append(line.message) }
        }
        #expect(found == expected.map(\.3))
    }
}
