import StormCore
import StormRuntime
import StormTopology

/// Emits one constant string, with a number as id (Storm's ConstSpout).
final class ConstSpout: Spout {
    static let outputs: Outputs = ["text"]
    private let text: String
    private var number = 0

    init(_ text: String = "some data") { self.text = text }

    func nextTuple(_ out: SpoutCollector) {
        number &+= 1
        out.emit(id: .int(number), text)
    }
}

/// Emits at fixed times, whatever came before: a message that is late is emitted as soon as possible, and its lateness
/// counts (no coordinated omission; the method of Storm's ThroughputVsLatency).
final class PacedSpout: Spout {
    static let outputs: Outputs = ["text"]
    private let text: String
    private let nanosecondsPerMessage: Double
    private let schedule: ScheduleLatency
    private let clock = SystemClock()
    private var start: Int64 = 0
    private var now: Int64 = 0
    private var emitted = 0

    init(_ text: String, perSecond: Double, _ schedule: ScheduleLatency) {
        self.text = text
        nanosecondsPerMessage = 1e9 / perSecond
        self.schedule = schedule
    }

    private func due(_ number: Int) -> Int64 { start + Int64(Double(number) * nanosecondsPerMessage) }

    func activate() {
        start = clock.monotonicNanoseconds()
        emitted = 0
    }

    func nextTuple(_ out: SpoutCollector) {
        // The clock is read only when nothing seems due.
        if due(emitted) > now { now = clock.monotonicNanoseconds() }
        guard due(emitted) <= now else { return }
        out.emit(id: .int(Int(due(emitted))), text)
        emitted += 1
    }

    func ack(_ id: MessageID) {
        guard let due = id.int else { return }
        schedule.record(clock.monotonicNanoseconds() - Int64(due))
    }
}

/// Generated sentences of 7 words out of 2000, the frequent ones more often (rank r with weight 1/r), the same in each run.
final class SentenceSpout: Spout {
    static let outputs: Outputs = ["sentence"]
    private let sentences = Sentences.generate(count: 4096, seed: 7)
    private var number = 0

    func nextTuple(_ out: SpoutCollector) {
        number &+= 1
        out.emit(id: .int(number), sentences[number & 4095])
    }
}

/// The lines of a file, held in memory, again and again.
final class FileSpout: Spout {
    static let outputs: Outputs = ["sentence"]
    private let lines: [String]
    private var number = 0
    private var next = 0

    init(_ path: String) throws {
        lines = try Sentences.lines(of: path)
    }

    func nextTuple(_ out: SpoutCollector) {
        number &+= 1
        out.emit(id: .int(number), lines[next])
        next = next + 1 == lines.count ? 0 : next + 1
    }
}
