/// What `storm-perf control` prints.
struct ControlReport: Codable, Sendable {
    /// While nothing happens.
    struct Steady: Codable, Sendable {
        var seconds: Double
        /// Transactions of the store, everybody's.
        var writesPerSecond: Double
        /// Numbers of workers.
        var workerWritesPerSecond: Double
        /// All others: nimbus and supervisors.
        var otherWritesPerSecond: Double
        /// What `/pace` says; nil: there is none.
        var paceSeconds: Int?
        /// CPU time per second.
        var nimbusCPUShare: Double

        enum CodingKeys: String, CodingKey {
            case seconds = "secs"
            case writesPerSecond = "writes_per_sec"
            case workerWritesPerSecond = "worker_writes_per_sec"
            case otherWritesPerSecond = "other_writes_per_sec"
            case paceSeconds = "pace_secs"
            case nimbusCPUShare = "nimbus_cpu_share"
        }
    }

    /// Something that happens, and what it costs.
    struct Event: Codable, Sendable {
        /// Until nimbus has written what follows from it; nil: nothing follows.
        var seconds: Double?
        /// Of nimbus.
        var cpuSeconds: Double
        var writes: Int64

        enum CodingKeys: String, CodingKey {
            case writes
            case seconds = "secs"
            case cpuSeconds = "nimbus_cpu_secs"
        }
    }

    var shape: ClusterShape
    var store: Ensemble.Kind
    var intervalSeconds: Int
    /// From the start of nimbus' process until every topology has an assignment.
    var firstScheduleSeconds: Double
    /// Until all workers have their nodes; they are stand-ins that share this process.
    var workersUpSeconds: Double
    var steady: Steady
    var lostWorker: Event
    /// From the start of the process until it leads, holds all code and has found nothing left to do.
    var restartSeconds: Double
    /// Of its process meanwhile: what a busy machine does not change. Nil when it is in this process.
    var restartCPUSeconds: Double?
    /// Nil for a cluster of one machine, or of one worker: nobody is left then.
    var lostSupervisor: Event?
    /// Of nimbus, after its restart and the loss.
    var nimbusResidentBytes: Int
    var nimbusPeakResidentBytes: Int

    enum CodingKeys: String, CodingKey {
        case shape, store, steady
        case intervalSeconds = "interval_secs"
        case firstScheduleSeconds = "first_schedule_secs"
        case workersUpSeconds = "workers_up_secs"
        case lostWorker = "lost_worker"
        case restartSeconds = "nimbus_restart_secs"
        case restartCPUSeconds = "nimbus_restart_cpu_secs"
        case lostSupervisor = "lost_supervisor"
        case nimbusResidentBytes = "nimbus_rss_bytes"
        case nimbusPeakResidentBytes = "nimbus_peak_rss_bytes"
    }
}
