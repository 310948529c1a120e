package import StormCluster

/// How far a topology's pause is, by what its workers report. Pure.
package enum PauseProgress {
    /// A worker of which nothing is seen is not waited for any longer: it is not up, or cut off from the store.
    static let silenceLimitMilliseconds: Int64 = 5_000

    package struct Result: Hashable, Sendable {
        /// Workers that the pause still waits for, sorted.
        package var awaited: [WorkerSlot] = []
        /// Nothing is waited for any more: the phase is over.
        package var isOver = false
        /// When a silent worker is given up, epoch milliseconds.
        package var lookAgainMilliseconds: Int64?
    }

    /// - Parameters:
    ///   - beats: of the topology, by slot; those of processes of an earlier incarnation do not count.
    ///   - nowMilliseconds: epoch.
    package static func of(
        _ action: PendingAction, _ assignment: AssignmentRecord?, beats: [WorkerSlot: WorkerBeatRecord],
        nowMilliseconds now: Int64
    ) -> Result {
        var result = Result()
        for worker in assignment?.workers ?? [] {
            let beat = beats[worker.slot].flatMap { $0.incarnation == worker.incarnation ? $0 : nil }
            switch (action.phase ?? .draining, beat) {
            case (.draining, let beat?):
                if beat.drained != action.drain { result.awaited.append(worker.slot) }
            case (.draining, nil):
                let limit = (action.startedAtMilliseconds ?? now) + silenceLimitMilliseconds
                guard now < limit else { continue }
                result.awaited.append(worker.slot)
                result.lookAgainMilliseconds = min(result.lookAgainMilliseconds ?? limit, limit)
            case (.starting, let beat?):
                let isUp = beat.state != .starting && (beat.generation ?? 0) >= assignment?.generation ?? 0
                if !isUp { result.awaited.append(worker.slot) }
            case (.starting, nil):
                result.awaited.append(worker.slot)
            }
        }
        // Nobody reports for a pause that an older nimbus began: only its deadline counts.
        result.isOver = result.awaited.isEmpty && action.drain != nil
        return result
    }
}
