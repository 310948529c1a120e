package import StormRuntime

/// What `storm top` shows of one moment. Pure.
///
/// JSON: one object for each interval, the names below in lower case with underscores. Rates are per second over the
/// interval, latencies are milliseconds (absent when nothing happened), capacity is the share of time that the busiest
/// executor of a component worked: 1 is the limit (Storm: executed × execute latency / time).
package struct TopReport: Encodable, Hashable, Sendable {
    package struct Topology: Encodable, Hashable, Sendable {
        package var name: String
        package var id: String
        package var status: String
        package var uptimeSeconds: Int
        package var workers: Int
        package var wantedWorkers: Int
        package var executors: Int
        package var emittedPerSecond: Double
        package var ackedPerSecond: Double
        package var failedPerSecond: Double
        package var completeMilliseconds: Double?
        package var pending: Int
        /// Of one core: 100 is one core at work.
        package var cpuPercent: Double
        package var residentBytes: Int

        enum CodingKeys: String, CodingKey {
            case name, id, status, workers, executors, pending
            case uptimeSeconds = "uptime_secs"
            case wantedWorkers = "wanted_workers"
            case emittedPerSecond = "emitted_per_sec"
            case ackedPerSecond = "acked_per_sec"
            case failedPerSecond = "failed_per_sec"
            case completeMilliseconds = "complete_ms"
            case cpuPercent = "cpu_percent"
            case residentBytes = "rss_bytes"
        }
    }

    package struct Component: Encodable, Hashable, Sendable {
        package var name: String
        package var kind: ExecutorFigures.Kind
        package var executors: Int
        package var tasks: Int
        package var emittedPerSecond: Double
        package var executedPerSecond: Double
        package var ackedPerSecond: Double
        package var failedPerSecond: Double
        /// Spouts.
        package var completeMilliseconds: Double?
        /// Bolts.
        package var executeMilliseconds: Double?
        /// Bolts: from the start of `execute` to the ack, on average (from the tuples they hold).
        package var processMilliseconds: Double?
        package var capacity: Double
        package var pending: Int
        /// Since the workers started.
        package var errors: Int

        enum CodingKeys: String, CodingKey {
            case name, kind, executors, tasks, capacity, pending, errors
            case emittedPerSecond = "emitted_per_sec"
            case executedPerSecond = "executed_per_sec"
            case ackedPerSecond = "acked_per_sec"
            case failedPerSecond = "failed_per_sec"
            case completeMilliseconds = "complete_ms"
            case executeMilliseconds = "execute_ms"
            case processMilliseconds = "process_ms"
        }
    }

    package struct Worker: Encodable, Hashable, Sendable {
        package var topology: String
        package var host: String
        package var port: Int
        package var pid: Int
        package var uptimeSeconds: Int
        package var executors: Int
        package var emittedPerSecond: Double
        package var cpuPercent: Double
        package var residentBytes: Int

        enum CodingKeys: String, CodingKey {
            case topology, host, port, pid, executors
            case uptimeSeconds = "uptime_secs"
            case emittedPerSecond = "emitted_per_sec"
            case cpuPercent = "cpu_percent"
            case residentBytes = "rss_bytes"
        }
    }

    package struct Machine: Encodable, Hashable, Sendable {
        package var host: String
        package var workers: Int
        package var cores: Int
        /// Of all that runs there; 100 is all cores at work. Nil before the second look.
        package var cpuPercent: Double?
        package var memoryBytes: Int
        package var memoryUsedBytes: Int
        /// Of our workers.
        package var residentBytes: Int

        enum CodingKeys: String, CodingKey {
            case host, workers, cores
            case cpuPercent = "cpu_percent"
            case memoryBytes = "memory_bytes"
            case memoryUsedBytes = "memory_used_bytes"
            case residentBytes = "workers_rss_bytes"
        }
    }

    /// Epoch milliseconds.
    package var timeMilliseconds: Int64
    package var topologies: [Topology] = []
    /// Only of a topology that was named.
    package var components: [Component]?
    package var workers: [Worker] = []
    package var machines: [Machine] = []
    /// Workers that did not answer.
    package var unreachable: [WorkerSurvey<WorkerFigures>.Missing] = []

    enum CodingKeys: String, CodingKey {
        case topologies, components, workers, machines, unreachable
        case timeMilliseconds = "time_ms"
    }

    /// - Parameters:
    ///   - before: the last look; topologies are paired by id.
    ///   - detailed: whether one topology was named: its components are shown.
    package init(_ samples: [TopSample], since before: [TopSample], detailed: Bool, timeMilliseconds: Int64) {
        self.timeMilliseconds = timeMilliseconds
        let earlier = Dictionary(before.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var machines: [String: MachineSum] = [:]
        for sample in samples {
            let pairs = TopPairs(earlier[sample.id])
            topologies.append(Self.topology(sample, pairs))
            workers += sample.workers.map { Self.worker($0.answer, sample.name, pairs) }
            for worker in sample.workers {
                machines[worker.answer.host, default: MachineSum()].add(worker.answer, pairs.earlier(worker.answer))
            }
            unreachable += sample.missing
            if detailed { components = (components ?? []) + Self.components(sample, pairs) }
        }
        workers.sort { ($0.host, $0.port) < ($1.host, $1.port) }
        self.machines = machines.sorted { $0.key < $1.key }.map { $1.machine($0) }
    }

    // MARK: Rows

    private static func topology(_ sample: TopSample, _ pairs: TopPairs) -> Topology {
        var spouts = TopRates()
        var all = TopRates()
        for worker in sample.workers {
            pairs.add(worker.answer, to: &spouts) { $0.kind == .spout }
            pairs.add(worker.answer, to: &all) { $0.kind != .acker }
        }
        return Topology(
            name: sample.name, id: sample.id, status: sample.status, uptimeSeconds: sample.uptimeSeconds,
            workers: sample.workers.count, wantedWorkers: sample.wantedWorkers,
            executors: sample.workers.reduce(0) { $0 + $1.answer.executors.count }, emittedPerSecond: all.emitted,
            ackedPerSecond: spouts.acked, failedPerSecond: spouts.failed,
            completeMilliseconds: spouts.completeMilliseconds, pending: spouts.pending,
            cpuPercent: sample.workers.reduce(0) { $0 + cpuPercent($1.answer, pairs) },
            residentBytes: sample.workers.reduce(0) { $0 + $1.answer.residentBytes })
    }

    private static func components(_ sample: TopSample, _ pairs: TopPairs) -> [Component] {
        let executors = sample.workers.flatMap(\.answer.executors)
        let kinds = Dictionary(executors.map { ($0.component, $0.kind) }, uniquingKeysWith: { first, _ in first })
        // Spouts first, ackers last.
        let order: [ExecutorFigures.Kind] = [.spout, .bolt, .acker]
        let names = kinds.keys.sorted {
            (order.firstIndex(of: kinds[$0]!)!, $0) < (order.firstIndex(of: kinds[$1]!)!, $1)
        }
        return names.map { name in
            var rates = TopRates()
            for worker in sample.workers { pairs.add(worker.answer, to: &rates) { $0.component == name } }
            let own = executors.filter { $0.component == name }
            let isSpout = kinds[name] == .spout
            return Component(
                name: name, kind: kinds[name]!, executors: own.count,
                tasks: own.reduce(0) { $0 + $1.last - $1.first + 1 }, emittedPerSecond: rates.emitted,
                executedPerSecond: rates.executed, ackedPerSecond: rates.acked, failedPerSecond: rates.failed,
                completeMilliseconds: isSpout ? rates.completeMilliseconds : nil,
                executeMilliseconds: isSpout ? nil : rates.executeMilliseconds,
                processMilliseconds: kinds[name] == .bolt ? rates.processMilliseconds : nil,
                capacity: rates.capacity, pending: rates.pending, errors: rates.errors)
        }
    }

    private static func worker(_ figures: WorkerFigures, _ topology: String, _ pairs: TopPairs) -> Worker {
        var rates = TopRates()
        pairs.add(figures, to: &rates) { $0.kind != .acker }
        return Worker(
            topology: topology, host: figures.host, port: figures.port, pid: figures.pid,
            uptimeSeconds: figures.uptimeSeconds, executors: figures.executors.count, emittedPerSecond: rates.emitted,
            cpuPercent: cpuPercent(figures, pairs), residentBytes: figures.residentBytes)
    }

    private static func cpuPercent(_ figures: WorkerFigures, _ pairs: TopPairs) -> Double {
        let seconds = pairs.seconds(figures)
        guard seconds > 0 else { return 0 }
        return max(0, figures.cpuSeconds - (pairs.earlier(figures)?.cpuSeconds ?? 0)) * 100 / seconds
    }
}

/// What the workers of one machine say of it.
private struct MachineSum {
    private var workers = 0
    private var residentBytes = 0
    private var newest: MachineFigures?
    private var cpuPercent: Double?

    mutating func add(_ figures: WorkerFigures, _ earlier: WorkerFigures?) {
        workers += 1
        residentBytes += figures.residentBytes
        guard let machine = figures.machine else { return }
        newest = machine
        guard let before = earlier?.machine, let earlier, machine.cores > 0 else { return }
        let seconds = Double(figures.clockNanoseconds - earlier.clockNanoseconds) / 1e9
        guard seconds > 0 else { return }
        let busy = max(0, machine.busySeconds - before.busySeconds)
        cpuPercent = min(100, busy * 100 / seconds / Double(machine.cores))
    }

    func machine(_ host: String) -> TopReport.Machine {
        TopReport.Machine(
            host: host, workers: workers, cores: newest?.cores ?? 0, cpuPercent: cpuPercent,
            memoryBytes: newest?.memoryBytes ?? 0,
            memoryUsedBytes: newest.map { $0.memoryBytes - $0.memoryAvailableBytes } ?? 0, residentBytes: residentBytes)
    }
}
