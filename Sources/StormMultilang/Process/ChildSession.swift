import Logging
import StormCore
import StormProcess
import StormTopology
import StormWire

/// A task's conversation with its child, as the executor sees it: what to write to it, and its messages one by one, over
/// any number of children that come and go. Confined to the executor.
final class ChildSession {
    enum Event {
        /// `decoder.message` is one for the task.
        case message
        /// The child is gone, and so is everything that it was given. Another one is on its way.
        case lost(String)
    }

    /// A message longer than this ends the child. As text a tuple takes about as much as encoded, which is bounded, too.
    static let messageBytesMax = 32 << 20
    /// For ever, and few enough for nanoseconds in 64 bits.
    private static let secondsMax = 1 << 31
    /// Answers to its emits that a child may leave unread before it is ended; others wait for it, but these nobody holds back.
    private static let unreadBytesMax = 4 << 20
    /// Of what it has to say to people: logs and error records have many readers.
    private static let textCharactersMax = 8192
    private static let strayReportNanoseconds: Int64 = 10_000_000_000

    let link: ChildLink
    /// What the handshake is written in, and what is spoken now: the same, or the channel.
    private let configured: Serializer
    private(set) var serializer: Serializer
    /// Tuples that the child was ready for when it said hello; 0: it did not say.
    private(set) var credit = 0
    var encoder: ChildEncoder
    private(set) var decoder: ChildDecoder
    /// Whether a child has said hello and not ended since.
    private(set) var isReady = false
    private var assembler: MessageAssembler
    private var isCondemned = false
    /// Whether a message came in this turn.
    private var hasHeard = false
    /// Lines that are no message and were not reported yet.
    private var stray: StrayOutput?
    private var nextStrayReport: Int64 = 0
    private var end: String?
    /// What came is read: more may be taken.
    private var wantsMore = true
    /// Of the frame that is being read: its kind and content; nil: there is none.
    private var frameBytes: Int?
    private var packed = PackedEmits()
    private let isSpout: Bool
    private let messageBytesMax: Int
    private var server: ChildServer?
    private var metrics: ChildMetrics
    private let logger: Logger
    /// Where the operator looks.
    private let report: (any Error) -> Void
    private let text: String

    init(
        _ program: ChildProgram, _ context: TaskContext, isSpout: Bool, messageBytesMax: Int = messageBytesMax,
        report: @escaping (any Error) -> Void
    ) throws {
        let conf = context.configuration
        var name = "json"
        if case .string(let given) = conf["topology.multilang.serializer"] { name = given }
        configured = try Serializer(named: name)
        serializer = configured
        self.isSpout = isSpout
        self.messageBytesMax = messageBytesMax
        encoder = ChildEncoder(serializer)
        decoder = ChildDecoder(serializer, isSpout: isSpout)
        assembler = MessageAssembler(serializer, messageBytesMax: messageBytesMax)
        metrics = ChildMetrics(context)
        var logger = context.logger
        logger[metadataKey: "component.id"] = "\(context.component)"
        logger[metadataKey: "task.id"] = "\(context.task)"
        self.logger = logger
        self.report = report
        text = program.text
        link = try ChildLink()
        server = ChildServer(try settings(program, context, isSpout: isSpout), link: link)
    }

    private func settings(_ program: ChildProgram, _ context: TaskContext, isSpout: Bool) throws -> ChildServer.Settings
    {
        let pids = try PidFolder(isWorker: context.workerPort > 0)
        // Who reads MessagePack has no JSON for the channel.
        let hasChannel = configured == .json && context.configuration["topology.multilang.channel"] != .bool(false)
        var hello = ChildEncoder(configured)
        hello.handshake(
            try Handshake.content(context, pidFolder: pids.path, channel: hasChannel ? Handshake.channel : nil))
        let own = context.configuration["topology.subprocess.timeout.secs"]?.intValue
        let seconds = own ?? context.configuration["supervisor.worker.timeout.secs"]?.intValue ?? 30
        func nanoseconds(_ seconds: Int) -> Int64 { Int64(min(seconds, Self.secondsMax)) * 1_000_000_000 }
        return ChildServer.Settings(
            program: program, handshake: hello.take(), hasChannel: hasChannel,
            heartbeat: isSpout
                ? nil : ChildServer.Heartbeat(standard: Self.heartbeat(configured), channel: Self.heartbeat(.channel)),
            timeoutNanoseconds: nanoseconds(seconds),
            // Before it says hello a child may have to load much; as long as a worker has for its start.
            startNanoseconds: nanoseconds(own ?? max(seconds, 120)), pids: pids,
            mark: DescendantMark(part: "\(context.component).\(context.task)"), logger: logger)
    }

    private static func heartbeat(_ serializer: Serializer) -> [UInt8] {
        var encoder = ChildEncoder(serializer)
        encoder.heartbeat(id: 0)
        return encoder.take()
    }

    /// Starts the first child; it is waited for by nobody.
    func start() throws { try server?.start() }

    /// Ends the child.
    func stop() {
        server?.stop()
        server = nil
        isReady = false
    }

    // MARK: To the child

    /// Answers an emit.
    func answer(_ targets: [TaskID]) {
        encoder.taskIDs(targets)
        guard encoder.bytes.count + link.unsentBytes > Self.unreadBytesMax else { return }
        condemn("does not read the answers to its emits (\(Self.unreadBytesMax >> 20) MiB wait for it)")
    }

    /// Hands over what was written. - Parameter tuples: how many tuples are in it.
    func flush(tuples: Int) {
        guard !encoder.isEmpty else { return }
        let bytes = encoder.take()
        if isReady { link.send(bytes, tuples: tuples) }
    }

    // MARK: From the child

    /// Takes what came since, once what came before is read: nothing piles up here.
    func refill() {
        hasHeard = false
        guard wantsMore else { return }
        let (bytes, place, end) = link.take()
        if place == .channel, serializer != .channel { useChannel() }
        if !bytes.isEmpty, !isCondemned {
            assembler.append(bytes)
            wantsMore = false
        }
        if let end { self.end = end }
    }

    /// What came before was printed, and is for people.
    private func useChannel() {
        if let found = stray { log(found.description, 2) }
        stray = nil
        for line in assembler.rest.split(separator: 0x0A) { log(StrayOutput.excerpt(line), 2) }
        speak(.channel)
    }

    private func speak(_ serializer: Serializer) {
        self.serializer = serializer
        encoder = ChildEncoder(serializer)
        decoder = ChildDecoder(serializer, isSpout: isSpout)
        assembler = MessageAssembler(serializer, messageBytesMax: messageBytesMax)
        frameBytes = nil
        packed.removeAll()
    }

    /// The next event, in order; nil: no more for now. Log lines, errors and metrics are dealt with here.
    func next() -> Event? {
        while !isCondemned {
            do throws(MultilangError) {
                guard try nextMessage() else { break }
                let isForTask = try isForTask()
                // Whatever comes before the hello does not answer the handshake.
                if isReady, !hasHeard {
                    hasHeard = true
                    link.noteMessage()
                }
                if isForTask { return .message }
            } catch {
                condemn("wrote what cannot be understood: \(error)")
            }
        }
        wantsMore = true
        guard let end else { return nil }
        self.end = nil
        isReady = false
        isCondemned = false
        credit = 0
        speak(configured)
        link.release()
        report(ChildEndedError(end))
        reportStray(isLast: true)
        return .lost(end)
    }

    /// - Returns: whether `decoder.message` is one more message.
    private func nextMessage() throws(MultilangError) -> Bool {
        guard serializer == .channel else {
            guard let range = try nextRange() else { return false }
            try decode(range)
            return true
        }
        while true {
            if let count = frameBytes {
                if decoder.message.kind == .packedEmits {
                    if !packed.isAtEnd { return true }
                } else if try inFrame(count, { decoder, bytes throws(MultilangError) in try decoder.decodeNext(bytes) })
                {
                    return true
                }
                frameBytes = nil
            }
            guard let range = try nextRange() else { return false }
            try inFrame(range.count) { decoder, bytes throws(MultilangError) in try decoder.beginFrame(bytes) }
            frameBytes = range.count
            if decoder.message.kind == .packedEmits { packed.begin(range.count) }
        }
    }

    /// Gives `body` the next emits of a frame of packed ones, when the message is such a frame. It must not use the session.
    /// - Returns: how many there were.
    func eachPacked(limit: Int, _ body: (PackedEmit) -> PackedEmit.Verdict) -> Int {
        guard let size = frameBytes else { return 0 }
        let start = assembler.frameStart + 4
        var fault: String?
        let count = assembler.bytes.withUnsafeBytes { all in
            do throws(MultilangError) {
                let frame = UnsafeRawBufferPointer(rebasing: all[start..<(start + size)])
                let done = try packed.each(frame, limit: limit, body)
                fault = done.fault
                return done.count
            } catch {
                fault = "wrote what cannot be understood: \(error)"
                return 0
            }
        }
        if let fault { condemn(fault) }
        return count
    }

    private func inFrame<R>(
        _ count: Int, _ body: (inout ChildDecoder, UnsafeRawBufferPointer) throws(MultilangError) -> R
    ) throws(MultilangError) -> R {
        let start = assembler.frameStart + 4
        let result: Result<R, MultilangError> = assembler.bytes.withUnsafeBytes { all in
            do throws(MultilangError) {
                return .success(try body(&decoder, UnsafeRawBufferPointer(rebasing: all[start..<(start + count)])))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func nextRange() throws(MultilangError) -> Range<Int>? {
        defer { reportStray() }
        do throws(MultilangError) {
            return try assembler.next()
        } catch {
            throw MultilangError("\(error): '\(StrayOutput.excerpt(assembler.rest))'")
        }
    }

    /// Tells of stray lines now and then: errors are throttled, and why a child ended must get through.
    private func reportStray(isLast: Bool = false) {
        if let found = assembler.takeStray() { stray = stray?.adding(found) ?? found }
        guard let found = stray else { return }
        let now = Monotonic.now
        // Before it says hello it may have printed to where it does not speak.
        guard isLast || (isReady && now >= nextStrayReport) else { return }
        nextStrayReport = now + Self.strayReportNanoseconds
        stray = nil
        report(
            MultilangError(
                "\(text) printed a line that is no message, to standard output: \(found)"))
    }

    /// Ends the child because of what it did; nothing of it is heard any more.
    func condemn(_ reason: String) {
        isCondemned = true
        assembler.removeAll()
        frameBytes = nil
        link.condemn(reason)
    }

    private func decode(_ range: Range<Int>) throws(MultilangError) {
        guard !range.isEmpty else { throw MultilangError("a line 'end' with no message before it") }
        let result: Result<Void, MultilangError> = assembler.bytes.withUnsafeBytes { all in
            let text = UnsafeRawBufferPointer(rebasing: all[range])
            do throws(MultilangError) {
                try decoder.decode(text)
                return .success(())
            } catch {
                return decodeAfterStray(text, error)
            }
        }
        try result.get()
    }

    /// A message that is preceded by lines that somebody printed and that begin as messages do: these are reported, the
    /// message counts.
    private func decodeAfterStray(
        _ text: UnsafeRawBufferPointer, _ error: MultilangError
    ) -> Result<Void, MultilangError> {
        let shown = StrayOutput.excerpt(text)
        do throws(MultilangError) {
            guard serializer == .json, let start = StrayOutput.messageStart(text) else { throw error }
            try decoder.decode(UnsafeRawBufferPointer(rebasing: text[start...]))
            report(MultilangError("\(self.text) printed a line that is no message, to standard output: '\(shown)'"))
            return .success(())
        } catch {
            return .failure(MultilangError("\(error): '\(shown)'"))
        }
    }

    /// Whether the message is one for the task.
    private func isForTask() throws(MultilangError) -> Bool {
        switch decoder.message.kind {
        case .started:
            if serializer == .channel {
                guard !isReady else { throw MultilangError("it said hello twice") }
                guard isSpout || decoder.message.credit > 0 else { throw MultilangError("its hello names no credit") }
                credit = decoder.message.credit
            } else if !link.settleStandard() {
                throw MultilangError("it said hello on its standard output and speaks on the channel")
            }
            isReady = true
            return false
        case .log:
            log(String(decoder.message.text.prefix(Self.textCharactersMax)), decoder.message.level)
            return false
        case .error:
            report(MultilangError(String(decoder.message.text.prefix(Self.textCharactersMax))))
            return false
        case .metrics:
            let message = decoder.message
            if let refusal = metrics.keep(message.metric, name: message.text) { logger.warning("\(refusal)") }
            return false
        default:
            guard isReady else { throw MultilangError("its first message does not tell its pid") }
            return true
        }
    }

    private func log(_ text: String, _ level: Int64) {
        let levels: [Logger.Level] = [.trace, .debug, .info, .warning, .error]
        logger.log(level: levels.indices.contains(Int(level)) ? levels[Int(level)] : .info, "\(text)")
    }
}
