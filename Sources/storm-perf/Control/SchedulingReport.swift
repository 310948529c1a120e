/// What `storm-perf scheduling` prints. Times are of one computation without any I/O, the fastest of the rounds.
struct SchedulingReport: Codable, Sendable {
    struct Step: Codable, Sendable {
        /// All that nimbus computes in a round: the scheduler and the records to write.
        var planSeconds: Double
        /// The scheduler alone.
        var schedulerSeconds: Double
        /// Assignments to write.
        var changes: Int
        /// Executors that get another place.
        var movedExecutors: Int
        /// Memory that was asked for meanwhile, given back or not: grows like the work, and is the same in each run.
        var allocatedBytes: Int

        enum CodingKeys: String, CodingKey {
            case changes
            case planSeconds = "plan_secs"
            case schedulerSeconds = "scheduler_secs"
            case movedExecutors = "moved_executors"
            case allocatedBytes = "allocated_bytes"
        }
    }

    var shape: ClusterShape
    /// Nothing is assigned yet.
    var first: Step
    /// Everything is as it should be.
    var unchanged: Step
    /// One supervisor is gone with its workers.
    var lostSupervisor: Step
    /// The first topology is dealt anew.
    var rebalance: Step
    /// Of the largest assignment as JSON.
    var largestAssignmentBytes: Int
    var allAssignmentsBytes: Int
    /// To make the JSON of all.
    var encodeSeconds: Double
    /// To read the JSON of all.
    var decodeSeconds: Double

    enum CodingKeys: String, CodingKey {
        case shape, first, unchanged, rebalance
        case lostSupervisor = "lost_supervisor"
        case largestAssignmentBytes = "largest_assignment_bytes"
        case allAssignmentsBytes = "all_assignments_bytes"
        case encodeSeconds = "encode_secs"
        case decodeSeconds = "decode_secs"
    }
}
