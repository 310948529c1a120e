import StormCluster
import StormCore
import StormNimbus
import StormProcess
import StormRuntime

/// A nimbus under measurement, in this process.
final class NimbusNode: Sendable {
    struct Sample: Codable, Sendable {
        /// Of the whole process since its start.
        var cpuSeconds: Double
        var residentBytes: Int
        var peakResidentBytes: Int
        /// Looks at the cluster that found nothing to change.
        var settledRounds: Int
    }

    private let nimbus: Nimbus
    private let running: Task<Void, any Error>
    private let store: any CoordinationStore

    /// Returns when it leads and a look at the whole cluster has found nothing left to do.
    init(store: any CoordinationStore, directory: String) async throws {
        var configuration = Nimbus.Configuration(
            host: "127.0.0.1", directory: directory, stormVersion: "storm-perf", pid: 1, user: "storm-perf")
        configuration.bindHost = "127.0.0.1"
        configuration.port = 0
        let nimbus = Nimbus(configuration: configuration, store: store, time: SystemClock(), logger: Ensemble.quiet)
        self.nimbus = nimbus
        self.store = store
        running = Task { try await nimbus.run() }
        let deadline = ContinuousClock.now + .seconds(300)
        while await nimbus.settledRounds == 0 {
            guard ContinuousClock.now < deadline else { throw PerfError("nimbus is not ready after 300 s") }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    func sample() async -> Sample {
        var own = storm_perf.Sample()
        own.takeProcess()
        return Sample(
            cpuSeconds: own.cpuSeconds, residentBytes: own.residentBytes, peakResidentBytes: own.peakResidentBytes,
            settledRounds: await nimbus.settledRounds)
    }

    /// As SIGTERM does.
    func stop() async {
        running.cancel()
        // How it ended does not matter any more.
        _ = await running.result
        await store.close()
    }
}

/// What the measuring process asks of a nimbus process, one line each.
enum NimbusRequest: Codable, Sendable {
    /// Answer: `ready`.
    case start(address: String, directory: String)
    /// Answer: `sample`.
    case sample
    /// Answer: `done`, and the process ends.
    case stop
}

enum NimbusAnswer: Codable, Sendable {
    case ready
    case sample(NimbusNode.Sample)
    case done
    case failed(String)
}

/// A nimbus under measurement: a process of its own where another one can reach the store, else in this one.
enum MeasuredNimbus {
    case process(WorkerProcess)
    case inside(NimbusNode)

    static func start(_ ensemble: Ensemble, directory: String) async throws -> MeasuredNimbus {
        guard let address = ensemble.address else {
            return .inside(try await NimbusNode(store: try await ensemble.connect(), directory: directory))
        }
        let process = try WorkerProcess(command: "nimbus")
        try process.send(NimbusRequest.start(address: address, directory: directory))
        guard case .ready = try await answer(process, within: 320) else { throw wrongAnswer }
        return .process(process)
    }

    func sample() async throws -> NimbusNode.Sample {
        switch self {
        case .inside(let node): return await node.sample()
        case .process(let process):
            try process.send(NimbusRequest.sample)
            guard case .sample(let sample) = try await Self.answer(process, within: 30) else { throw Self.wrongAnswer }
            return sample
        }
    }

    func stop() async throws {
        switch self {
        case .inside(let node): await node.stop()
        case .process(let process):
            try process.send(NimbusRequest.stop)
            guard case .done = try await Self.answer(process, within: 60) else { throw Self.wrongAnswer }
            try await process.end()
        }
    }

    private static let wrongAnswer = PerfError("the nimbus process gave a wrong answer")

    /// Blocks the calling task's thread: the others of this process have the rest.
    private static func answer(_ process: WorkerProcess, within seconds: Double) async throws -> NimbusAnswer {
        let answer = try process.receive(NimbusAnswer.self, within: seconds)
        if case .failed(let message) = answer { throw PerfError(message) }
        return answer
    }
}
