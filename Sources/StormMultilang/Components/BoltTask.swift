import StormCore
import StormTopology
import StormWire

/// The tuples of one task of a shell bolt: those that its child has been given and has neither acked nor failed.
///
/// A tuple keeps its place until the child settles it, the child is lost, or the message timeout has passed: then its
/// tree has failed anyway, and what the child says of it later is of no interest.
final class BoltTask: OutsideWork {
    private struct Held {
        let tuple: Tuple
        let deadline: Int64
    }

    /// Most tuples that are with the child, beside ticks.
    static let heldMax = 100_000
    /// After so many messages the executor's other work gets its turn.
    private static let messagesPerTurn = 1024

    private let program: ChildProgram
    private var session: ChildSession?
    private var streams: StreamTable?
    private var handler: (@Sendable () -> Void)?
    private var held: [UInt64: Held] = [:]
    private var nextNumber: UInt64 = 1
    /// Numbers below are settled.
    private var oldest: UInt64 = 1
    /// Tuples written since the last hand-over.
    private var unflushed = 0
    private var unsentMax = 100
    private var timeoutNanoseconds: Int64?
    private var now: Int64 = 0
    private var origins: [Origin: ChildEncoder.Origin] = [:]

    private struct Origin: Hashable {
        let component: String
        let stream: StreamID
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
    var hasNews: Bool { session?.link.hasNews ?? false }

    var hasRoom: Bool {
        guard let session, session.isReady, held.count < Self.heldMax else { return false }
        return session.link.unsentTuples + unflushed < unsentMax
            && session.encoder.bytes.count < ChildLink.outboundBytesMax
            && session.link.unsentBytes < ChildLink.outboundBytesMax
    }

    /// Takes a tuple. - Precondition: `hasRoom`.
    func take(_ tuple: Tuple) {
        guard let session else { return }
        let number = nextNumber
        nextNumber += 1
        held[number] = Held(tuple: tuple, deadline: timeoutNanoseconds.map { now &+ $0 } ?? .max)
        session.encoder.tuple(
            id: number, from: origin(of: tuple, session.serializer), task: tuple.sourceTask,
            fields: tuple.fieldsStart, count: tuple.count)
        unflushed += 1
    }

    /// A tick waits for no room, but for a child that lives and reads.
    func takeTick(_ tuple: Tuple) {
        guard let session, session.isReady, session.link.unsentBytes < ChildLink.outboundBytesMax else { return }
        take(tuple)
    }

    private func origin(of tuple: Tuple, _ serializer: Serializer) -> ChildEncoder.Origin {
        let key = Origin(component: tuple.sourceComponent, stream: tuple.sourceStream)
        if let known = origins[key] { return known }
        let made = ChildEncoder.Origin(serializer, component: key.component, stream: key.stream.name)
        origins[key] = made
        return made
    }

    func endRun() {
        flush()
        // With too many tuples at the child it is the child that gives room.
        if let session, session.isReady, held.count < Self.heldMax, !hasRoom { session.link.awaitRoom() }
    }

    private func flush() {
        session?.flush(tuples: unflushed)
        unflushed = 0
    }

    func settle(_ out: Collector) -> Bool {
        guard let session else { return false }
        session.refill()
        var handled = 0
        var isDone = false
        while !isDone, handled < Self.messagesPerTurn, !out.mustStop {
            switch session.next() {
            case nil: isDone = true
            case .lost(let cause):
                handled += 1
                lose(cause, out)
            case .message:
                handled += 1
                carryOut(session, out)
            }
        }
        flush()
        session.link.note(awaitsAnswer: false, isHeldUp: !isDone)
        // The rest is for the next slice, whoever asks for it.
        if !isDone { session.link.notify() }
        return handled > 0
    }

    func expire(_ out: Collector) {
        while oldest < nextNumber {
            if let tuple = held[oldest] {
                guard tuple.deadline <= now else { return }
                held[oldest] = nil
                out.fail(tuple.tuple, .timeout)
            }
            oldest += 1
        }
    }

    var nextDeadline: Int64 {
        while oldest < nextNumber {
            if let tuple = held[oldest] { return tuple.deadline }
            oldest += 1
        }
        return .max
    }

    func giveUpAll(_ out: Collector) {
        for number in held.keys.sorted() { if let tuple = held[number]?.tuple { out.fail(tuple) } }
        held = [:]
    }

    // MARK: What the child says

    private func lose(_ cause: String, _ out: Collector) {
        let error = MultilangError(cause)
        for number in held.keys.sorted() { if let tuple = held[number]?.tuple { out.fail(tuple, because: error) } }
        held = [:]
        unflushed = 0
    }

    private func carryOut(_ session: ChildSession, _ out: Collector) {
        switch session.decoder.message.kind {
        case .emit: emit(session, out)
        case .ack: if let tuple = settled(session, "acked") { out.ack(tuple) }
        case .fail: if let tuple = settled(session, "failed") { out.fail(tuple) }
        case .sync, .unknown: break
        case .started, .log, .error, .metrics: break
        }
    }

    /// The tuple that an ack or fail is about; nil: it has been settled before. A number that was never given ends the child.
    private func settled(_ session: ChildSession, _ what: String) -> Tuple? {
        guard let number = session.decoder.message.tuple, number < nextNumber else {
            session.condemn("\(what) a tuple that it was not given")
            return nil
        }
        return held.removeValue(forKey: number)?.tuple
    }

    private func emit(_ session: ChildSession, _ out: Collector) {
        guard let streams else { return }
        let message = session.decoder.message
        var anchors: [Tuple] = []
        for number in message.anchors {
            guard number < nextNumber else {
                return session.condemn("anchored to a tuple that it was not given")
            }
            if let tuple = held[number]?.tuple {
                anchors.append(tuple)
            } else {
                out.reportError(
                    MultilangError("\(program.text) anchored to a tuple that is settled; emitted without it"))
            }
        }
        let targets = EncodedEmission.with(message, streams, other: { out.stream($0) }) {
            out.emit($0, anchors: anchors)
        }
        out.settleRefusal()
        if message.needsTaskIDs, !message.isDirect { session.encoder.taskIDs(targets) }
    }
}
