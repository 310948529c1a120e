import CheckerLog
import Glibc
import Logging
import Storm

/// Emits the numbers from 0 on at a steady rate, each again until it is acked.
///
/// Its diary is its memory: a number is written down before it is first emitted, and an ack soon after it came. A new
/// process reads the diaries of those before it, emits again what was not acked, and goes on.
final class NumberSpout: Spout {
    static let outputs: Outputs = ["number", "spout", "attempt", "payload"]

    struct Settings: Sendable {
        var folder: String
        /// Per second.
        var rate: Int
        /// 0: no end.
        var count: Int
        var payloadBytes: Int
    }

    private static let burstMax = 64
    /// How often to look for the file that says stop.
    private static let lookMicroseconds: Int64 = 50_000

    private let settings: Settings
    private let payload: String
    private var folder: CheckFolder?
    private var diary: DiaryWriter?
    private var spout = 0
    private var window = NumberWindow()
    private var pace: Pace
    /// Numbers to emit again, the next one last.
    private var replays: [Int] = []
    /// How often a number was emitted; only of those that were emitted again.
    private var attempts: [Int: Int] = [:]
    private var isStopped = false
    private var nextLook: Int64 = 0

    init(_ settings: Settings) {
        self.settings = settings
        payload = String(repeating: "x", count: settings.payloadBytes)
        pace = Pace(perSecond: settings.rate)
    }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        guard !context.tasks(of: "__acker").isEmpty else {
            throw CheckError(reason: "nothing can be checked without ackers: leave topology.acker.executors unset")
        }
        let folder = try CheckFolder(settings.folder)
        spout = context.taskIndex
        window = try NumberWindow(diaries: folder.diaries(component: context.component, index: spout))
        replays = window.open.reversed()
        for number in replays { attempts[number] = 1 }
        let diary = try DiaryWriter(
            folder.diary(component: context.component, index: spout, port: context.workerPort, pid: getpid()))
        diary.note(record(.opened, Int(getpid())))
        try diary.flush()
        self.folder = folder
        self.diary = diary
        context.logger.info("the spout goes on", metadata: ["number": "\(window.next)", "open": "\(replays.count)"])
    }

    func nextTuple(_ out: SpoutCollector) throws {
        guard let diary else { return }
        let now = WallClock.microseconds
        look(now)
        if !replays.isEmpty { return try replay(diary, out) }
        let due = pace.take(atMicroseconds: now, most: Self.burstMax)
        let end = window.next + (isStopped ? 0 : due)
        try emit(below: settings.count > 0 ? min(end, settings.count) : end, diary, out)
    }

    func ack(_ id: MessageID) {
        guard let number = id.int else { return }
        window.ack(number)
        attempts[number] = nil
        diary?.note(record(.acked, number))
    }

    func fail(_ id: MessageID, _ reason: FailureReason) {
        guard let number = id.int else { return }
        if attempts[number] == nil { attempts[number] = 1 }
        replays.append(number)
        diary?.note(record(.failed, number, detail: reason.rawValue))
    }

    func close() {
        // What cannot be written is emitted again by the next process.
        try? diary?.flush()
    }

    private func replay(_ diary: DiaryWriter, _ out: SpoutCollector) throws {
        let numbers = replays.suffix(Self.burstMax)
        for number in numbers { diary.note(record(.replayed, number)) }
        try diary.flush()
        replays.removeLast(numbers.count)
        for number in numbers.reversed() {
            let attempt = attempts[number, default: 1]
            attempts[number] = attempt + 1
            out.emit(id: .int(number), number, spout, attempt, payload)
        }
    }

    private func emit(below end: Int, _ diary: DiaryWriter, _ out: SpoutCollector) throws {
        let first = window.next
        if end > first { diary.note(record(.emittedThrough, end - 1)) }
        try diary.flush()
        guard end > first else { return }
        window.emit(below: end)
        for number in first..<end { out.emit(id: .int(number), number, spout, 0, payload) }
    }

    private func look(_ now: Int64) {
        guard now >= nextLook, let folder else { return }
        nextLook = now + Self.lookMicroseconds
        isStopped = folder.isStopped
    }

    private func record(_ kind: CheckRecord.Kind, _ number: Int, detail: UInt8 = 0) -> CheckRecord {
        CheckRecord(
            kind, spout: spout, number: number, attempt: attempts[number] ?? 0, detail: detail,
            timeMicroseconds: WallClock.microseconds)
    }
}
