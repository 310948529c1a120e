import FoundationEssentials
import StormCluster
import StormCore
import StormNimbus
import Synchronization

/// One run of `storm-perf control`.
struct ControlMeasurement {
    let shape: ClusterShape
    let kind: Ensemble.Kind
    let windowSeconds: Double
    let intervalSeconds: Int
    let sessions: Int

    func run() async throws -> ControlReport {
        let ensemble = try await Ensemble.start(kind)
        let directory = FileManager.default.temporaryDirectory.path + "/storm-perf-\(UUID().uuidString)"
        let result: Result<ControlReport, any Error>
        do {
            result = .success(try await measure(ensemble, directory))
        } catch {
            result = .failure(error)
        }
        // Whatever is left of a run that failed.
        try? FileManager.default.removeItem(atPath: directory)
        try await ensemble.end()
        return try result.get()
    }

    private func measure(_ ensemble: Ensemble, _ directory: String) async throws -> ControlReport {
        let cluster = try await StandInCluster(shape, ensemble, sessions: sessions, intervalSeconds: intervalSeconds)
        try await cluster.populate(directory)
        let clock = ContinuousClock()
        let start = clock.now
        let nimbus = try await MeasuredNimbus.start(ensemble, directory: directory)
        let firstSchedule = (clock.now - start).inSeconds
        let comingUp = clock.now
        try await cluster.startWorkers()
        let workersUp = (clock.now - comingUp).inSeconds
        let steady = try await steady(cluster, ensemble, nimbus)
        let lostWorker = try await event(ensemble, nimbus) {
            await cluster.stopWorker()
            try await Task.sleep(for: .seconds(min(2, windowSeconds)))
            return nil
        }
        try await nimbus.stop()
        let restart = clock.now
        let successor = try await MeasuredNimbus.start(ensemble, directory: directory)
        let restartSeconds = (clock.now - restart).inSeconds
        let restartCPUSeconds = kind == .zookeeper ? try await successor.sample().cpuSeconds : nil
        var lostSupervisor: ControlReport.Event?
        if shape.supervisors > 1, shape.workers > 1 {
            lostSupervisor = try await event(ensemble, successor) { try await cluster.loseSupervisor() }
        }
        let sample = try await successor.sample()
        try await successor.stop()
        await cluster.end()
        return ControlReport(
            shape: shape, store: kind, intervalSeconds: intervalSeconds, firstScheduleSeconds: firstSchedule,
            workersUpSeconds: workersUp, steady: steady, lostWorker: lostWorker, restartSeconds: restartSeconds,
            restartCPUSeconds: restartCPUSeconds, lostSupervisor: lostSupervisor,
            nimbusResidentBytes: sample.residentBytes,
            nimbusPeakResidentBytes: sample.peakResidentBytes)
    }

    private func steady(
        _ cluster: StandInCluster, _ ensemble: Ensemble, _ nimbus: MeasuredNimbus
    ) async throws -> ControlReport.Steady {
        // What the workers' start has left behind, nimbus' own looks at it included, is not the steady state.
        try await Task.sleep(for: .seconds(min(20, windowSeconds)))
        let clock = ContinuousClock()
        let before = try await nimbus.sample()
        let (start, transactions, beats) = (clock.now, try await ensemble.transactions(), cluster.beats)
        try await Task.sleep(for: .seconds(windowSeconds))
        let seconds = (clock.now - start).inSeconds
        let all = Double(try await ensemble.transactions() - transactions)
        let own = Double(cluster.beats - beats)
        let after = try await nimbus.sample()
        return ControlReport.Steady(
            seconds: seconds, writesPerSecond: all / seconds, workerWritesPerSecond: own / seconds,
            otherWritesPerSecond: max(0, all - own) / seconds, paceSeconds: try await cluster.pace()?.beatSeconds,
            nimbusCPUShare: (after.cpuSeconds - before.cpuSeconds) / seconds)
    }

    /// - Parameter body: makes it happen; returns how long it took until all was written that follows from it.
    private func event(
        _ ensemble: Ensemble, _ nimbus: MeasuredNimbus, _ body: () async throws -> Double?
    ) async throws -> ControlReport.Event {
        let (sample, transactions) = (try await nimbus.sample(), try await ensemble.transactions())
        let seconds = try await body()
        return ControlReport.Event(
            seconds: seconds, cpuSeconds: try await nimbus.sample().cpuSeconds - sample.cpuSeconds,
            writes: try await ensemble.transactions() - transactions)
    }
}
