package import Logging
package import StormCluster
import StormCore
package import StormRuntime
import Synchronization

/// Emits dead letters again when somebody asked for it (`storm dlq replay`): those of tasks that run in this worker.
///
/// The wish stays in the store until the message's end is known. So a worker that dies meanwhile is followed by one that
/// emits the letter again, and no other worker does at the same time.
package struct DeadLetterReplays: Sendable {
    /// Letters that are being emitted again at one time; the others wait in the store.
    static let inHandMax = 64
    /// Until a letter that its spout did not take is tried again.
    private static let busyPause = Duration.milliseconds(500)

    private let log: DeadLetterLog
    private let letters: ClusterDeadLetters
    private let topologyID: String
    private let engine: TopologyEngine
    private let repairInterval: Duration
    private let logger: Logger

    /// - Parameter repairInterval: for missed events and what could not be done at once.
    package init(
        _ log: DeadLetterLog, letters: ClusterDeadLetters, topologyID: String, engine: TopologyEngine,
        repairInterval: Duration = .seconds(10), logger: Logger
    ) {
        self.log = log
        self.letters = letters
        self.topologyID = topologyID
        self.engine = engine
        self.repairInterval = repairInterval
        self.logger = logger
    }

    /// How messages ended, on its way from the executors' loops. At most `inHandMax` at a time.
    private final class Ends: Sendable {
        private let ends = Mutex<[String: ReplayOutcome]>([:])

        func add(_ id: String, _ outcome: ReplayOutcome) { ends.withLock { $0[id] = outcome } }

        func take() -> [String: ReplayOutcome] {
            ends.withLock { ends in
                defer { ends = [:] }
                return ends
            }
        }
    }

    /// What is known between two looks.
    private struct Desk {
        /// Being emitted, with the time of the wish.
        var inHand: [String: Int64] = [:]
        /// Ended, and not yet written down.
        var ended: [String: ReplayOutcome] = [:]
        /// Not taken by their spout in this round; tried again in another one.
        var busy: Set<String> = []
        /// Done, with the time of the wish: the view may go on showing it for a moment.
        var settled: [String: Int64] = [:]
    }

    /// Until it is cancelled. Survives a store that is away.
    package func run() async {
        while !Task.isCancelled {
            do {
                let view = try await log.store.view(of: ClusterPaths.deadLetterReplays(topologyID), depth: 1)
                await serve(view)
                view.close()
            } catch {
                logger.warning("dead letters cannot be replayed for now: \(error)")
                // Cancelled: the loop ends.
                try? await Task.sleep(for: repairInterval)
            }
        }
    }

    private func serve(_ view: any SubtreeView) async {
        let ends = Ends()
        let (wakes, feed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        feed.yield()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in view.changes { feed.yield() } }
            group.addTask {
                // Cancelled with the group.
                while (try? await Task.sleep(for: repairInterval)) != nil { feed.yield() }
            }
            var desk = Desk()
            for await _ in wakes {
                desk.ended.merge(ends.take()) { $1 }
                await settle(&desk)
                if !desk.busy.isEmpty {
                    // Cancelled with the group.
                    group.addTask { if (try? await Task.sleep(for: Self.busyPause)) != nil { feed.yield() } }
                }
                await start(view.snapshot(), &desk) { id, outcome in
                    ends.add(id, outcome)
                    feed.yield()
                }
                desk.busy = []
            }
            group.cancelAll()
        }
    }

    /// Writes down how messages ended; what cannot be written now is written later.
    private func settle(_ desk: inout Desk) async {
        for (id, outcome) in desk.ended.sorted(by: { $0.key < $1.key }) {
            do {
                switch outcome {
                case .acked: try await log.remove(id, topologyID: topologyID)
                case .deadAgain: try await log.removeReplay(id, topologyID: topologyID)
                case .busy: desk.busy.insert(id)
                case .refused(let reason):
                    try await log.replays(topologyID).update(id) { $0.refusal = reason }
                }
            } catch {
                logger.warning(
                    "the end of a replayed dead letter is written later: \(error)", metadata: ["letter": "\(id)"])
                return
            }
            desk.ended[id] = nil
            if outcome != .busy { logger.info("replayed dead letter: \(outcome)", metadata: ["letter": "\(id)"]) }
            let asked = desk.inHand.removeValue(forKey: id)
            if outcome != .busy { desk.settled[id] = asked }
        }
    }

    /// Emits the letters that are asked for and belong to tasks here.
    private func start(
        _ snapshot: SubtreeSnapshot, _ desk: inout Desk,
        _ onEnd: @escaping @Sendable (String, ReplayOutcome) -> Void
    ) async {
        let (wishes, faults) = log.replays(topologyID).decode(snapshot)
        for fault in faults { logger.error("a wish to replay a dead letter cannot be read: \(fault)") }
        desk.settled = desk.settled.filter { wishes[$0.key]?.record.requestedAtMilliseconds == $0.value }
        for (id, wish) in wishes.sorted(by: { $0.key < $1.key }) {
            guard desk.inHand.count < Self.inHandMax else { return }
            guard wish.record.refusal == nil, desk.inHand[id] == nil, desk.settled[id] == nil,
                !desk.busy.contains(id), isHere(wish.record)
            else { continue }
            desk.inHand[id] = wish.record.requestedAtMilliseconds
            do {
                if let letter = try await letters.get(id) {
                    let isTaken = engine.replay(letter) { onEnd(id, $0) }
                    // The engine has stopped: the next worker does it.
                    if !isTaken { desk.inHand[id] = nil }
                } else {
                    onEnd(id, .deadAgain)
                }
            } catch let error as ClusterRecordError {
                onEnd(id, .refused("\(error)"))
            } catch {
                desk.inHand[id] = nil
                logger.warning("a dead letter is replayed later: \(error)", metadata: ["letter": "\(id)"])
                return
            }
        }
    }

    private func isHere(_ wish: DeadLetterReplayRecord) -> Bool {
        guard let number = Int32(exactly: wish.task),
            let task = engine.replayTask(component: wish.component, task: TaskID(number))
        else { return false }
        return engine.runs(task)
    }
}
