/// All that the diaries of a run say, put together; can be brought up to date while the run goes on.
package struct Tally: Sendable {
    /// The messages of one spout task.
    private struct Messages: Sendable {
        var emitted = 0
        var marks: [UInt8] = []
        var acked = 0

        static let ackedMark: UInt8 = 1
        static let arrivedMark: UInt8 = 2

        /// - Returns: whether the mark is new.
        mutating func mark(_ number: Int, _ mark: UInt8) -> Bool {
            if number >= marks.count {
                marks.append(contentsOf: repeatElement(0, count: max(number + 1, marks.count * 2) - marks.count))
            }
            defer { marks[number] |= mark }
            return marks[number] & mark == 0
        }
    }

    private var readers: [String: DiaryReader] = [:]
    private var messages: [Int: Messages] = [:]
    private var failures: [UInt8: Int] = [:]
    /// Replays of each spout, as they happened.
    private var replays: [Int64] = []
    private var failureTimes: [Int64] = []
    private var arrivals = 0
    /// First arrivals only.
    private var arrivalTimes: [Int64] = []
    private var openings: [String: Int] = [:]
    private var openingTimes: [Int64] = []

    package init() {}

    /// Adds what the diaries have got since the last call.
    package mutating func update(_ folder: CheckFolder) throws(CheckError) {
        for component in CheckComponent.allCases {
            for path in try folder.diaries(component: component.rawValue) {
                var reader = readers[path] ?? DiaryReader(path)
                try reader.read { (record) throws(CheckError) in add(record, component) }
                readers[path] = reader
            }
        }
    }

    package mutating func add(_ record: CheckRecord, _ component: CheckComponent) {
        switch record.kind {
        case .opened:
            openings[component.rawValue, default: 0] += 1
            openingTimes.append(record.timeMicroseconds)
        case .emittedThrough:
            let emitted = messages[record.spout, default: Messages()].emitted
            messages[record.spout]?.emitted = max(emitted, record.number + 1)
        case .replayed: replays.append(record.timeMicroseconds)
        case .acked:
            if messages[record.spout, default: Messages()].mark(record.number, Messages.ackedMark) {
                messages[record.spout]?.acked += 1
            }
        case .failed:
            failures[record.detail, default: 0] += 1
            failureTimes.append(record.timeMicroseconds)
        case .arrived:
            arrivals += 1
            if messages[record.spout, default: Messages()].mark(record.number, Messages.arrivedMark) {
                arrivalTimes.append(record.timeMicroseconds)
            }
        }
    }

    /// Whether every message that was emitted is acked, and there is one.
    package var isComplete: Bool {
        !messages.isEmpty && messages.values.allSatisfy { $0.emitted > 0 && $0.acked == $0.emitted }
    }

    package var ackedCount: Int { messages.values.reduce(0) { $0 + $1.acked } }

    /// - Parameters:
    ///   - incident: microseconds since 1970.
    ///   - reasonName: text of a failure's reason.
    package func verdict(incident: Int64? = nil, reasonName: (UInt8) -> String) -> Verdict {
        var verdict = Verdict()
        for (spout, one) in messages.sorted(by: { $0.key < $1.key }) {
            verdict.emitted += one.emitted
            verdict.acked += one.acked
            for (number, marks) in one.marks.enumerated() where marks != 0 {
                if marks == Messages.ackedMark { verdict.addMissing("\(spout)/\(number)") }
                if number >= one.emitted { verdict.invented += 1 }
            }
        }
        verdict.unfinished = verdict.emitted - verdict.acked
        verdict.failed = failureTimes.count
        for (reason, count) in failures { verdict.failedByReason[reasonName(reason)] = count }
        verdict.replayed = replays.count
        verdict.arrived = arrivals
        verdict.duplicates = arrivals - arrivalTimes.count
        verdict.processes = openings
        let timeline = Timeline(arrivalTimes)
        verdict.longestGapMilliseconds = timeline.longestGapMilliseconds.map(Verdict.rounded)
        if let incident { verdict.incident = self.incident(incident, timeline) }
        return verdict
    }

    private func incident(_ time: Int64, _ timeline: Timeline) -> Verdict.Incident {
        let after = replays.filter { $0 >= time }
        let recovery = timeline.recovery(afterMicroseconds: time)
        return Verdict.Incident(
            flowsAgainMilliseconds: recovery.map { Verdict.rounded($0.flowsAgain) },
            longestGapMilliseconds: recovery.map { Verdict.rounded($0.longestGap) },
            fullRateMilliseconds: recovery?.fullRate.map(Verdict.rounded),
            slowSeconds: recovery?.slowSeconds,
            rateBefore: recovery.map { Verdict.rounded($0.rateBefore) },
            firstReplayMilliseconds: after.min().map { Verdict.rounded(Double($0 - time) / 1000) },
            lastReplayMilliseconds: after.max().map { Verdict.rounded(Double($0 - time) / 1000) },
            replayedAfter: after.count, failedAfter: failureTimes.count { $0 >= time },
            reopenedMilliseconds: openingTimes.filter { $0 >= time }.min().map {
                Verdict.rounded(Double($0 - time) / 1000)
            })
    }
}

/// The components of the checking topology; also how their diaries begin.
package enum CheckComponent: String, CaseIterable, Sendable {
    case numbers, work, sink
}
