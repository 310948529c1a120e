import StormCore
import StormTopology
import StormWire

/// One task of a shell spout: commands to its child, and what the child answers.
///
/// As JSON and MessagePack the protocol is what Storm does: one command, what it brings, its `sync`, and only then the next
/// command, so that after an emit the task ids are the next thing to read. Acks and fails wait meanwhile, and go before
/// the next `next`. On the channel a `next` asks for a batch, and two are under way while they bring messages. One that
/// brings nothing is not followed by another before the pause that any spout gets.
final class SpoutTask: OutsideSource {
    private enum Command {
        /// With how many messages it asked for.
        case next(Int)
        case other
    }

    /// What became of a message, for a child that is in the middle of a command.
    private struct Outcome {
        let isAcked: Bool
        let id: ChildID
    }

    /// Most outcomes that wait: as many as messages that may be in flight. More come only without ackers, of a child that
    /// emits for ever in one `next`.
    private static let outcomesMax = PendingTrees.maxSlots
    /// On the channel: most `next` under way, each for a batch of so many messages at most.
    static let batchesMax = 2
    static let batchMax = 512
    private static let messagesPerTurn = 1024

    private let program: ChildProgram
    private var session: ChildSession?
    private var streams: StreamTable?
    private var handler: (@Sendable () -> Void)?
    /// Commands that were not answered yet, oldest first.
    private var commands: [Command] = []
    private var nexts = 0
    /// Messages that these ask for.
    private var asked = 0
    /// On the channel: most `next` under way now.
    private var window = 1
    /// The child is told these one after the other, from `toldOutcomes` on, oldest first.
    private var outcomes: [Outcome] = []
    private var toldOutcomes = 0
    /// Whether anything was emitted since the last sync.
    private var hasEmitted = false
    private var emptyAnswers = 0
    /// Before this time no `next` is sent.
    private var askAt: Int64 = 0
    private var wantsActive = false
    private var isActive = false
    private var loss: String?

    init(_ program: ChildProgram) { self.program = program }

    // MARK: Life

    func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        streams = StreamTable(context.description[context.component]) { out.stream($0) }
        let session = try ChildSession(program, context, isSpout: true) { out.reportError($0) }
        if let handler { session.link.setHandler(handler) }
        self.session = session
        try session.start()
    }

    func close() { session?.stop() }

    func setHandler(_ body: @escaping @Sendable () -> Void) {
        handler = body
        session?.link.setHandler(body)
        // The child may have been faster.
        body()
    }

    // MARK: OutsideSource

    func drive(_ out: SpoutCollector, room: Int, now: Int64) -> Int64 {
        guard let session else { return .max }
        session.refill()
        var handled = 0
        var emitted = 0
        var isDone = false
        while !isDone, handled < Self.messagesPerTurn, !out.mustStop {
            handled += 1
            switch session.next() {
            case nil: isDone = true
            case .lost(let cause): lose(cause)
            case .message where session.decoder.message.kind == .packedEmits:
                let counts = emitPacked(session, out, limit: Self.messagesPerTurn - handled + 1)
                handled += counts.all - 1
                emitted += counts.tracked
            case .message: if carryOut(session, out, now) { emitted += 1 }
            }
        }
        if session.isReady { ask(session, room: room - emitted, now) }
        session.link.note(awaitsAnswer: !commands.isEmpty, isHeldUp: !isDone)
        session.flush(tuples: 0)
        // The rest is for the next slice, whoever asks for it; and so is what came meanwhile, as with bolts.
        if !isDone || session.link.hasNews { session.link.notify() }
        if session.link.unsentBytes >= ChildLink.outboundBytesMax {
            // Nothing is asked for before the child has read that.
            session.link.awaitRoom()
            return .max
        }
        guard session.isReady, nexts == 0, room > emitted else { return .max }
        // While an ack is under way, its sync is what there is to wait for.
        return session.serializer == .channel || commands.isEmpty ? askAt : .max
    }

    private func ask(_ session: ChildSession, room: Int, _ now: Int64) {
        guard session.serializer == .channel else { return askOne(session, room: room, now) }
        if wantsActive != isActive {
            isActive = wantsActive
            send(session, isActive ? "activate" : "deactivate")
        }
        guard now >= askAt, session.link.unsentBytes < ChildLink.outboundBytesMax else { return }
        while isActive, nexts < window, room > asked {
            // Half of the room for this batch: then there is some for the next one.
            let count = min(Self.batchMax, (room - asked + 1) / 2)
            session.encoder.next(room: count)
            noteNext(count)
        }
    }

    /// Writes the next command, unless one is under way.
    private func askOne(_ session: ChildSession, room: Int, _ now: Int64) {
        guard commands.isEmpty, session.link.unsentBytes < ChildLink.outboundBytesMax else { return }
        if wantsActive != isActive {
            isActive = wantsActive
            send(session, isActive ? "activate" : "deactivate")
        } else if let outcome = takeOutcome() {
            if session.encoder.outcome(isAcked: outcome.isAcked, id: outcome.id) { commands.append(.other) }
        } else if isActive, room > 0, now >= askAt {
            session.encoder.command("next")
            noteNext(1)
        }
    }

    /// Amortized O(1).
    private func takeOutcome() -> Outcome? {
        guard toldOutcomes < outcomes.count else { return nil }
        let outcome = outcomes[toldOutcomes]
        toldOutcomes += 1
        if toldOutcomes == outcomes.count {
            outcomes.removeAll(keepingCapacity: toldOutcomes <= 1024)
            toldOutcomes = 0
        } else if toldOutcomes > 1024, toldOutcomes * 2 > outcomes.count {
            outcomes.removeFirst(toldOutcomes)
            toldOutcomes = 0
        }
        return outcome
    }

    private func noteNext(_ count: Int) {
        commands.append(.next(count))
        nexts += 1
        asked += count
    }

    private func send(_ session: ChildSession, _ command: StaticString) {
        session.encoder.command(command)
        commands.append(.other)
    }

    func takeLoss() -> String? {
        defer { loss = nil }
        return loss
    }

    func ack(_ id: MessageID) { tell(isAcked: true, id) }
    func fail(_ id: MessageID, _ reason: FailureReason) { tell(isAcked: false, id) }
    func setActive(_ isActive: Bool) { wantsActive = isActive }

    /// A child that is gone is told nothing, nor the next one of what this one emitted.
    private func tell(isAcked: Bool, _ id: MessageID) {
        guard let session, session.isReady, let id = ChildID(id) else { return }
        if session.serializer == .channel {
            if session.encoder.outcome(isAcked: isAcked, id: id) { commands.append(.other) }
            return
        }
        guard outcomes.count - toldOutcomes < Self.outcomesMax else {
            return session.condemn("emits on and on in one 'next' and hears of no ack meanwhile")
        }
        outcomes.append(Outcome(isAcked: isAcked, id: id))
        // Else the answer to the command that is under way brings the turn of this one.
        if commands.isEmpty, outcomes.count - toldOutcomes == 1 { session.link.notify() }
    }

    // MARK: What the child says

    private func lose(_ cause: String) {
        commands = []
        nexts = 0
        asked = 0
        window = 1
        outcomes = []
        toldOutcomes = 0
        hasEmitted = false
        emptyAnswers = 0
        askAt = 0
        isActive = false
        loss = cause
    }

    /// - Returns: whether a tracked message was emitted.
    private func carryOut(_ session: ChildSession, _ out: SpoutCollector, _ now: Int64) -> Bool {
        switch session.decoder.message.kind {
        case .emit: return emit(session, out)
        case .sync: synced(session, now)
        case .ack, .fail, .credit: session.condemn("is a spout and acked or failed a tuple, or gave credit for some")
        case .unknown(let name): session.condemn("sent a command that spouts do not have: '\(name.prefix(100))'")
        case .started, .log, .error, .metrics, .packedEmits: break
        }
        return false
    }

    private func synced(_ session: ChildSession, _ now: Int64) {
        // A sync that nobody asked for: some libraries send one after an error.
        guard !commands.isEmpty else { return }
        let command = commands.removeFirst()
        let hadEmitted = hasEmitted
        hasEmitted = false
        guard case .next(let count) = command else { return }
        nexts -= 1
        asked -= count
        if hadEmitted {
            window = min(Self.batchesMax, window * 2)
            emptyAnswers = 0
            askAt = 0
        } else {
            window = 1
            emptyAnswers += 1
            askAt = now + Self.pauseNanoseconds(emptyAnswers: emptyAnswers)
        }
    }

    /// As any spout that had nothing to emit: 1 ms eight times, then doubling up to 20 ms.
    static func pauseNanoseconds(emptyAnswers count: Int) -> Int64 {
        count <= 8 ? 1_000_000 : min(20_000_000, 1_000_000 << Int64(min(count - 8, 5)))
    }

    private func emitPacked(
        _ session: ChildSession, _ out: SpoutCollector, limit: Int
    ) -> (all: Int, tracked: Int) {
        guard let streams else { return (0, 0) }
        var tracked = 0
        let all = session.eachPacked(limit: limit) { emit in
            var id: ChildID?
            switch emit.reference {
            case .none: break
            case .number(let number): id = .int(number)
            case .text(let text): id = .text(text)
            case .list: return .condemn("emitted a message whose packed id is a list")
            }
            if id != nil { tracked += 1 }
            out.emit(EncodedEmission(emit, streams, other: { out.stream($0) }), id: id?.messageID)
            return out.mustStop ? .pause : .goOn
        }
        if all > 0 { hasEmitted = true }
        return (all, tracked)
    }

    private func emit(_ session: ChildSession, _ out: SpoutCollector) -> Bool {
        guard let streams else { return false }
        let message = session.decoder.message
        hasEmitted = true
        let targets = EncodedEmission.with(message, streams, other: { out.stream($0) }) {
            out.emit($0, id: message.id?.messageID)
        }
        if message.needsTaskIDs, !message.isDirect { session.answer(targets) }
        return message.id != nil
    }
}
