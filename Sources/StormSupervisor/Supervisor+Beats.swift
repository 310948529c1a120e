internal import StormProcess

/// Workers that live but hang: stopped, or in a deadlock.
extension Supervisor {
    /// Looks at the workers' signs of life until the task is cancelled.
    func watchBeats() async throws {
        guard configuration.beatLimits != nil else {
            try await Task.sleep(for: .seconds(Int64(Int32.max)))
            return
        }
        while true {
            try await Task.sleep(for: configuration.beatLookInterval)
            lookAtBeats()
        }
    }

    private func lookAtBeats() {
        for port in seats.keys {
            guard let seat = seats[port], case .running(_, let worker, _) = seat.slot.phase,
                seat.observed.worker == .alive
            else { continue }
            guard var beats = seat.beats ?? newWatch(seat) else { continue }
            let stamp = SystemFile.touchedNanoseconds(configuration.paths.heartbeat(worker))
            let isHung = beats.look(stamp: stamp, now: now)
            seats[port]?.beats = beats
            guard isHung else { continue }
            seats[port]?.observed.worker = .hung(beats.silence)
            step(port)
        }
    }

    private func newWatch(_ seat: Seat) -> BeatWatch? {
        guard var limits = configuration.beatLimits else { return nil }
        // The topology's own wish, upwards only.
        if let own = seat.approval?.silenceMaxSeconds { limits.later = max(limits.later, .seconds(own)) }
        limits.first = max(limits.first, limits.later)
        return BeatWatch(limits: limits, lookMax: configuration.beatLookInterval * 2)
    }
}
