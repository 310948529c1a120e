import Dispatch
import StormCore
import StormTestKit
import StormTopology
import Testing

@testable import StormMultilang

/// Answers to a child's emits are held back by nobody: a child that never reads them is ended.
@Suite struct UnreadAnswersTests {
    private struct End: Sendable {
        let cause: String
        let answeredBytes: Int
    }

    @Test(.timeLimit(.minutes(1))) func aChildThatNeverReadsIsEndedAtFourMebibytesOfAnswers() async throws {
        let ends = Observed<[End]>([])
        let check = DeliveryCheck()
        let script = Scripts.python("hello()\ntime.sleep(1000)")
        try await withEngine(build: { topology in
            topology.spout("source") { CheckingSpout(check, count: 0) }
            topology.bolt("probe") {
                // A session needs what a task knows of itself.
                BlockBolt(prepare: { context, _ in
                    let end = try Self.answer(ChildProgram(command: script), context)
                    ends.update { $0.append(end) }
                }) { _, _ in }
            }.shuffle("source")
        }) { _ in try await ends.wait("the child has ended") { !$0.isEmpty } }
        let end = try #require(ends.value.first)
        #expect(end.cause.contains("does not read the answers to its emits (4 MiB wait for it)"), "\(end.cause)")
        // What is in the pipe does not wait here: 64 KiB, at most 1 MiB.
        #expect(end.answeredBytes > 4 << 20 && end.answeredBytes < (5 << 20) + 100_000, "\(end.answeredBytes)")
    }

    /// Answers until the child is gone.
    private static func answer(_ program: ChildProgram, _ context: TaskContext) throws -> End {
        let session = try ChildSession(program, context, isSpout: false) { _ in }
        defer { session.stop() }
        let news = DispatchSemaphore(value: 0)
        session.link.setHandler { news.signal() }
        try session.start()
        let tasks = (1000..<2000).map { TaskID(Int32($0)) }
        let deadline = DispatchTime.now() + .seconds(40)
        var answered = 0
        var isFull = false
        while true {
            session.refill()
            while let event = session.next() {
                if case .lost(let cause) = event { return End(cause: cause, answeredBytes: answered) }
            }
            if session.isReady, !isFull {
                session.answer(tasks)
                answered += session.encoder.bytes.count
                isFull = session.link.condemned != nil
                session.flush(tuples: 0)
            } else if news.wait(timeout: deadline) == .timedOut {
                return End(cause: "it still runs", answeredBytes: answered)
            }
        }
    }
}
