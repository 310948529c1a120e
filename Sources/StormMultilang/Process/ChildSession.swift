import Logging
import StormCore
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

    let link: ChildLink
    let serializer: Serializer
    var encoder: ChildEncoder
    private(set) var decoder: ChildDecoder
    /// Whether a child has said hello and not ended since.
    private(set) var isReady = false
    private var assembler: MessageAssembler
    private var isCondemned = false
    private var end: String?
    private var server: ChildServer?
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
        serializer = try Serializer(named: name)
        encoder = ChildEncoder(serializer)
        decoder = ChildDecoder(serializer, isSpout: isSpout)
        assembler = MessageAssembler(serializer, messageBytesMax: messageBytesMax)
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
        var hello = ChildEncoder(serializer)
        hello.handshake(Handshake.content(context, pidFolder: pids.path))
        var heartbeat = ChildEncoder(serializer)
        heartbeat.heartbeat(id: 0)
        let own = context.configuration["topology.subprocess.timeout.secs"]?.intValue
        let seconds = own ?? context.configuration["supervisor.worker.timeout.secs"]?.intValue ?? 30
        return ChildServer.Settings(
            program: program, handshake: hello.take(), heartbeat: isSpout ? nil : heartbeat.take(),
            timeoutNanoseconds: Int64(seconds) * 1_000_000_000,
            // Before it says hello a child may have to load much; as long as a worker has for its start.
            startNanoseconds: Int64(own ?? max(seconds, 120)) * 1_000_000_000, pids: pids, logger: logger)
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

    /// Hands over what was written. - Parameter tuples: how many tuples are in it.
    func flush(tuples: Int) {
        guard !encoder.isEmpty else { return }
        let bytes = encoder.take()
        if isReady { link.send(bytes, tuples: tuples) }
    }

    // MARK: From the child

    /// Takes what came since.
    func refill() {
        let (bytes, end) = link.take()
        if !bytes.isEmpty, !isCondemned { assembler.append(bytes) }
        if let end { self.end = end }
    }

    /// The next event, in order; nil: no more for now. Log lines, errors and metrics are dealt with here.
    func next() -> Event? {
        while !isCondemned {
            do throws(MultilangError) {
                guard let range = try nextRange() else { break }
                try decode(range)
                if try isForTask() { return .message }
            } catch {
                condemn("wrote what cannot be understood: \(error)")
            }
        }
        guard let end else { return nil }
        self.end = nil
        isReady = false
        isCondemned = false
        assembler.removeAll()
        encoder.removeAll()
        link.release()
        report(MultilangError(end))
        return .lost(end)
    }

    private func nextRange() throws(MultilangError) -> Range<Int>? {
        do throws(MultilangError) {
            return try assembler.next()
        } catch {
            throw MultilangError("\(error): '\(StrayOutput.excerpt(assembler.rest))'")
        }
    }

    /// Ends the child because of what it did; nothing of it is heard any more.
    func condemn(_ reason: String) {
        isCondemned = true
        assembler.removeAll()
        link.condemn(reason)
    }

    private func decode(_ range: Range<Int>) throws(MultilangError) {
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

    /// A message that is preceded by lines that somebody printed: these are reported, the message counts.
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
            isReady = true
            return false
        case .log:
            log(decoder.message.text, decoder.message.level)
            return false
        case .error:
            report(MultilangError(decoder.message.text))
            return false
        case .metrics:
            logger.debug("metric \(decoder.message.text) of a child is not kept")
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
