import StormCore
import StormTopology
import StormWire

/// The tuples of one task of a shell bolt: those that its child has been given and has neither acked nor failed.
///
/// A tuple keeps its place until the child settles it, the child is lost, or the message timeout has passed: then its
/// tree has failed anyway, and what the child says of it later is of no interest.
final class BoltTask: OutsideWork {
    /// Most tuples that are with the child, beside ticks.
    static let heldMax = 100_000
    /// With so many a child has half a millisecond of work at least; a pipe of 64 KiB holds more.
    private static let busyHeld = 256
    /// After so many messages the executor's other work gets its turn.
    private static let messagesPerTurn = 1024

    private let program: ChildProgram
    private var session: ChildSession?
    private var streams: StreamTable?
    private var handler: (@Sendable () -> Void)?
    private var held = HeldItems<Tuple>()
    /// Whether messages are left that came with those of the last turn.
    private var hasMore = false
    /// Whether an emit was answered in this turn.
    private var hasAnswered = false
    /// Tuples written since the last hand-over.
    private var unflushed = 0
    private var unsentMax = 100
    private var timeoutNanoseconds: Int64?
    private var now: Int64 = 0
    private var times = ChildTimes()
    private var origins: [Origin: ChildEncoder.Origin] = [:]
    /// The one that was asked for last: tuples come in batches.
    private var lastOrigin: ChildEncoder.Origin?
    private var lastSchema: Schema?
    private var lastStream = 0
    private var lastSerializer = Serializer.json
    /// Of a child on the channel: tuples that may still be sent to it.
    private var credit = 0

    private struct Origin: Hashable {
        let component: String
        let stream: StreamID
        let serializer: Serializer
    }

    init(_ program: ChildProgram) { self.program = program }

    // MARK: Life

    func prepare(_ context: TaskContext, _ out: Collector) throws {
        unsentMax = max(1, context.configuration["topology.shellbolt.max.pending"]?.intValue ?? 100)
        streams = StreamTable(context.description[context.component]) { out.stream($0) }
        let session = try ChildSession(program, context, isSpout: false) { out.reportError($0) }
        if let handler { session.link.setHandler(handler) }
        self.session = session
        try session.start()
    }

    func cleanup() { session?.stop() }

    // MARK: OutsideWork

    func configure(limit: Int, timeoutNanoseconds: Int64?) { self.timeoutNanoseconds = timeoutNanoseconds }

    func setHandler(_ body: @escaping @Sendable () -> Void) {
        handler = body
        session?.link.setHandler(body)
    }

    func beginSlice(now: Int64) { self.now = now }
    var count: Int { held.count }
    var latencies: (execute: LatencyBuckets, process: LatencyBuckets) { (times.execute, times.process) }
    var hasNews: Bool { hasMore || session?.link.hasNews ?? false }

    var hasRoom: Bool {
        guard let session, session.isReady, held.count < Self.heldMax else { return false }
        let mayTake =
            session.serializer == .channel ? credit > 0 : session.link.unsentTuples + unflushed < unsentMax
        return mayTake && session.encoder.bytes.count < ChildLink.outboundBytesMax
            && session.link.unsentBytes < ChildLink.outboundBytesMax
    }

    /// Takes a tuple. - Precondition: `hasRoom`.
    func take(_ tuple: Tuple) {
        guard let session else { return }
        let number = held.append(tuple, deadline: timeoutNanoseconds.map { now &+ $0 } ?? .max, started: now)
        session.encoder.tuple(
            id: number, from: origin(of: tuple, session.serializer), task: tuple.sourceTask,
            fields: tuple.fieldsStart, count: tuple.count)
        unflushed += 1
        credit -= 1
    }

    /// A tick waits for no room, but for a child that lives and reads.
    func takeTick(_ tuple: Tuple) {
        guard let session, session.isReady, session.link.unsentBytes < ChildLink.outboundBytesMax else { return }
        take(tuple)
    }

    private func origin(of tuple: Tuple, _ serializer: Serializer) -> ChildEncoder.Origin {
        if let lastOrigin, lastSchema === tuple.batch.schema, lastStream == tuple.streamNumber,
            lastSerializer == serializer
        {
            return lastOrigin
        }
        let key = Origin(component: tuple.sourceComponent, stream: tuple.sourceStream, serializer: serializer)
        let origin =
            origins[key] ?? ChildEncoder.Origin(serializer, component: key.component, stream: key.stream.name)
        origins[key] = origin
        lastOrigin = origin
        lastSchema = tuple.batch.schema
        lastStream = tuple.streamNumber
        lastSerializer = serializer
        return origin
    }

    func endRun() {
        if !isGathering { flush() }
        // With too many tuples at the child, or without its credit, it is the child that gives room.
        guard let session, session.isReady, held.count < Self.heldMax, !hasRoom else { return }
        if session.serializer != .channel || credit > 0 { session.link.awaitRoom() }
    }

    /// Whether what was written waits for more: the child, on the channel, has enough to do meanwhile. It gives credit for what it
    /// has been through, and then everything is handed over.
    private var isGathering: Bool {
        guard let session, session.serializer == .channel else { return false }
        return session.credit - credit - unflushed >= Self.busyHeld
            && session.encoder.bytes.count < FrameKind.wantedBytes
    }

    private func flush() {
        session?.flush(tuples: unflushed)
        unflushed = 0
    }

    func settle(_ out: Collector) -> Bool {
        guard let session else { return false }
        session.refill()
        let wasReady = session.isReady
        var handled = 0
        var isDone = false
        hasAnswered = false
        while !isDone, handled < Self.messagesPerTurn, !out.mustStop {
            let event = session.next()
            if !wasReady, session.isReady, handled == 0 { credit = session.credit }
            switch event {
            case nil: isDone = true
            case .lost(let cause):
                handled += 1
                lose(cause, out)
            case .message where session.decoder.message.kind == .packedEmits:
                handled += emitPacked(session, out, limit: Self.messagesPerTurn - handled)
            case .message:
                handled += 1
                carryOut(session, out)
            }
        }
        flush()
        times.endTurn(now: now)
        hasMore = !isDone
        // A child that waits for an answer to each emit has nothing to do meanwhile, however many tuples it has; and on the
        // channel answers come many at a time anyway.
        let isBusy = held.count >= Self.busyHeld && !hasAnswered && session.serializer != .channel
        session.link.note(awaitsAnswer: false, isHeldUp: !isDone, isBusy: isBusy)
        // The rest is for the next slice, whoever asks for it; and so is what came meanwhile, of which this slice took the notice:
        // no other one comes when nothing is read from the child any more because so much waits here.
        if !isDone || session.link.hasNews { session.link.notify() }
        return handled > 0
    }

    func expire(_ out: Collector) {
        while let tuple = held.removeExpired(now: now) { out.fail(tuple, .timeout) }
    }

    var nextDeadline: Int64 { held.nextDeadline() }

    func giveUpAll(_ out: Collector) {
        for tuple in held.removeAll() { out.fail(tuple) }
    }

    // MARK: What the child says

    private func lose(_ cause: String, _ out: Collector) {
        let error = MultilangError(cause)
        for tuple in held.removeAll() { out.fail(tuple, because: error) }
        unflushed = 0
        credit = 0
    }

    private func carryOut(_ session: ChildSession, _ out: Collector) {
        switch session.decoder.message.kind {
        case .emit: emit(session, out)
        case .ack:
            settle(session, "acked") { tuple, started in
                times.add(from: started, now: now, isAcked: true)
                out.ack(tuple)
            }
        case .fail:
            settle(session, "failed") { tuple, started in
                times.add(from: started, now: now, isAcked: false)
                out.fail(tuple)
            }
        case .credit:
            credit += session.decoder.message.credit
            if credit > session.credit { session.condemn("gave more credit than it had") }
        case .sync, .unknown: break
        case .started, .log, .error, .metrics, .packedEmits: break
        }
    }

    /// Settles the tuples that an ack or fail is about, but for those that have been settled before. Numbers that were never
    /// given end the child.
    private func settle(_ session: ChildSession, _ what: String, _ body: (Tuple, _ started: Int64) -> Void) {
        let count = UInt64(session.decoder.message.tupleCount)
        guard let first = session.decoder.message.tuple, first < held.next, count <= held.next - first else {
            return session.condemn("\(what) a tuple that it was not given")
        }
        for number in first..<(first + count) {
            if let one = held.take(number) { body(one.item, one.started) }
        }
    }

    private static let notGiven = "anchored to a tuple that it was not given"

    private func emitPacked(_ session: ChildSession, _ out: Collector, limit: Int) -> Int {
        guard let streams else { return 0 }
        return session.eachPacked(limit: limit) { emit in
            let emission = EncodedEmission(emit, streams, other: { out.stream($0) })
            switch emit.reference {
            case .none: out.emit(emission, anchor: nil)
            case .number(let number):
                guard let number = UInt64(exactly: number), number < held.next else { return .condemn(Self.notGiven) }
                out.emit(emission, anchor: anchor(number, out))
            case .list(let numbers):
                guard numbers.allSatisfy({ $0 < held.next }) else { return .condemn(Self.notGiven) }
                out.emit(emission, anchors: numbers.compactMap { anchor($0, out) })
            case .text: return .condemn("emitted with a packed anchor that is a string")
            }
            out.settleRefusal()
            return out.mustStop ? .pause : .goOn
        }
    }

    /// The tuple of this number; nil: it is settled, which is reported.
    private func anchor(_ number: UInt64, _ out: Collector) -> Tuple? {
        if let tuple = held[number] { return tuple }
        out.reportError(MultilangError("\(program.text) anchored to a tuple that is settled; emitted without it"))
        return nil
    }

    private func emit(_ session: ChildSession, _ out: Collector) {
        guard let streams else { return }
        let message = session.decoder.message
        var anchors: [Tuple] = []
        for number in message.anchors {
            guard number < held.next else {
                return session.condemn(Self.notGiven)
            }
            if let tuple = anchor(number, out) { anchors.append(tuple) }
        }
        let targets = EncodedEmission.with(message, streams, other: { out.stream($0) }) {
            out.emit($0, anchors: anchors)
        }
        out.settleRefusal()
        if message.needsTaskIDs, !message.isDirect {
            session.answer(targets)
            hasAnswered = true
        }
    }
}
