import StormCore
import Synchronization

/// The taps of a worker. Any thread.
package final class TapDesk: Sendable {
    /// At the same time in one worker.
    package static let sessionsMax = 8

    /// Why there is no tap, for people.
    package struct Refusal: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    private let sessions = Mutex<[TapSession]>([])

    package init() {}

    /// The session of a question, which lives on from now; the same question is one session, whoever asks it.
    func session(_ query: TapQuery, clock: any TimeSource) throws(Refusal) -> TapSession {
        let answer: Result<TapSession, Refusal> = sessions.withLock { sessions in
            sessions.removeAll(where: \.isOver)
            if let known = sessions.first(where: { $0.query == query }) {
                known.renew()
                return .success(known)
            }
            guard sessions.count < Self.sessionsMax else {
                return .failure(Refusal(description: "it has \(Self.sessionsMax) taps already; try again in 10 s"))
            }
            let session = TapSession(query, clock: clock)
            sessions.append(session)
            return .success(session)
        }
        return try answer.get()
    }

    /// The living ones that look at the same tuples as this question.
    func sessions(like query: TapQuery) -> [TapSession] {
        sessions.withLock { sessions in
            sessions.filter {
                $0.query.component == query.component && $0.query.isInput == query.isInput && !$0.isOver
            }
        }
    }
}
