import StormCore

/// Runs a specification in worker processes and measures a window of it.
enum Measurement {
    static func run(_ specification: RunSpecification) async throws -> RunResult {
        var workers: [WorkerProcess] = []
        for _ in 0..<specification.workers { workers.append(try WorkerProcess()) }
        let result: RunResult
        do {
            result = try await measure(specification, workers)
        } catch {
            for worker in workers {
                // The first error is the one to tell.
                try? worker.tell(.stop)
                // The same; it is killed if it does not end by itself.
                try? await worker.end()
            }
            throw error
        }
        for worker in workers { try worker.tell(.stop) }
        for worker in workers { _ = try worker.answer() }
        for worker in workers { try await worker.end() }
        return result
    }

    private static func measure(
        _ specification: RunSpecification, _ workers: [WorkerProcess]
    ) async throws -> RunResult {
        for (index, worker) in workers.enumerated() { try worker.tell(.listen(specification, index: index)) }
        let ports = try workers.map { try $0.port() }
        for worker in workers { try worker.tell(.start(ports)) }
        for worker in workers { _ = try worker.answer() }
        for worker in workers { try worker.tell(.setActive(true)) }
        try await Task.sleep(for: .seconds(specification.warmupSeconds))
        let before = try samples(workers)
        try await Task.sleep(for: .seconds(specification.seconds))
        let after = try samples(workers)
        return RunResult(specification, before: before, after: after)
    }

    private static func samples(_ workers: [WorkerProcess]) throws -> [Sample] {
        for worker in workers { try worker.tell(.sample) }
        return try workers.map { try $0.sample() }
    }
}
