/// The numbers of one executor so far. Exact, not sampled.
package struct ExecutorFigures: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable { case spout, bolt, acker }

    /// Its tasks, first and last.
    package var first: Int
    package var last: Int
    package var component: String
    package var kind: Kind
    package var emitted = 0
    package var transferred = 0
    package var executed = 0
    package var acked = 0
    package var failed = 0
    /// Spouts: messages neither acked nor failed.
    package var pending = 0
    /// Spouts: sum over acked messages of the time from emit to the end of the tree.
    package var completeNanoseconds: Int64 = 0
    /// Time on its loop: in the component's code, and in what goes with it.
    package var busyNanoseconds: Int64 = 0
    /// Time that its tuples were worked on elsewhere, by children or in async calls, added up; nil: they are not.
    package var outsideNanoseconds: Int64?
    package var errors = 0

    package init(first: Int, last: Int, component: String, kind: Kind) {
        self.first = first
        self.last = last
        self.component = component
        self.kind = kind
    }

    enum CodingKeys: String, CodingKey {
        case first, last, component, kind, emitted, transferred, executed, acked, failed, pending, errors
        case completeNanoseconds = "complete_ns"
        case busyNanoseconds = "busy_ns"
        case outsideNanoseconds = "outside_ns"
    }
}

/// The machine under a worker, since it was booted.
package struct MachineFigures: Codable, Hashable, Sendable {
    package var cores: Int
    /// Time in which a core did something, summed over the cores.
    package var busySeconds: Double
    package var memoryBytes: Int
    /// What a new process could have without swapping.
    package var memoryAvailableBytes: Int

    package init(cores: Int, busySeconds: Double, memoryBytes: Int, memoryAvailableBytes: Int) {
        self.cores = cores
        self.busySeconds = busySeconds
        self.memoryBytes = memoryBytes
        self.memoryAvailableBytes = memoryAvailableBytes
    }

    enum CodingKeys: String, CodingKey {
        case cores
        case busySeconds = "busy_secs"
        case memoryBytes = "memory_bytes"
        case memoryAvailableBytes = "memory_available_bytes"
    }
}

/// The answer of a worker's `/figures`: counters to make rates of, as fresh as the question.
package struct WorkerFigures: Codable, Hashable, Sendable {
    package var topologyID: String
    package var host: String
    package var port: Int
    package var pid: Int
    /// Epoch milliseconds.
    package var timeMilliseconds: Int64
    /// Of a clock that never goes back; its zero means nothing. Rates are made with this one.
    package var clockNanoseconds: Int64
    package var uptimeSeconds: Int
    /// User and system time since the worker's start.
    package var cpuSeconds: Double
    package var residentBytes: Int
    /// Nil where it cannot be read.
    package var machine: MachineFigures?
    /// By first task.
    package var executors: [ExecutorFigures]

    package init(
        topologyID: String, host: String, port: Int, pid: Int, timeMilliseconds: Int64, clockNanoseconds: Int64,
        uptimeSeconds: Int, cpuSeconds: Double, residentBytes: Int, machine: MachineFigures?,
        executors: [ExecutorFigures]
    ) {
        self.topologyID = topologyID
        self.host = host
        self.port = port
        self.pid = pid
        self.timeMilliseconds = timeMilliseconds
        self.clockNanoseconds = clockNanoseconds
        self.uptimeSeconds = uptimeSeconds
        self.cpuSeconds = cpuSeconds
        self.residentBytes = residentBytes
        self.machine = machine
        self.executors = executors
    }

    enum CodingKeys: String, CodingKey {
        case host, port, pid, machine, executors
        case topologyID = "topology_id"
        case timeMilliseconds = "time_ms"
        case clockNanoseconds = "clock_ns"
        case uptimeSeconds = "uptime_secs"
        case cpuSeconds = "cpu_secs"
        case residentBytes = "rss_bytes"
    }
}
