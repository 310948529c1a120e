/// What is to be known of a sort of node, for people.
package struct ZnodeNote: Sendable {
    package enum Life: String, Hashable, Sendable {
        /// Until somebody deletes it.
        case persistent
        /// Dies with the session of its owner.
        case ephemeral
        /// As `persistent`, with a counter in its name.
        case persistentSequential = "persistent, sequential"
        /// As `ephemeral`, with a counter in its name.
        case ephemeralSequential = "ephemeral, sequential"
    }

    package let life: Life
    /// Who makes it and writes to it; of an ephemeral node also its owner.
    package let writer: String
    /// When it is made, written and deleted.
    package let moments: String
    package let meaning: String
    /// What it holds; nil: nothing, or no record.
    package let record: (any ClusterRecord.Type)?

    init(
        _ life: Life, by writer: String, _ moments: String, _ meaning: String, _ record: (any ClusterRecord.Type)? = nil
    ) {
        self.life = life
        self.writer = writer
        self.moments = moments
        self.meaning = meaning
        self.record = record
    }

    fileprivate static func directory(_ meaning: String) -> ZnodeNote {
        ZnodeNote(.persistent, by: "whichever daemon starts first", "made at the start; never written again", meaning)
    }
}

extension Znode {
    /// Whether every daemon makes it at its start.
    package var isPrepared: Bool {
        switch self {
        case .storms, .assignments, .supervisors, .workerBeats, .errors, .nimbuses, .leaderLock, .blobStore,
            .credentials, .logConfigs, .deadLetters, .deadLetterReplays, .leaving, .submissions:
            true
        default: false
        }
    }

    package var note: ZnodeNote {
        switch self {
        case .storms, .storm, .assignments, .assignment, .submissions, .submission, .credentials, .topologyCredentials,
            .logConfigs, .logConfig:
            topologyNote
        case .supervisors, .supervisor, .workerBeats, .topologyBeats, .workerBeat, .leaving, .leavingWorker, .pace:
            workNote
        case .cluster, .clusterMark, .nimbuses, .nimbus, .leaderLock, .candidate, .blobStore, .blob, .blobReplica:
            nimbusNote
        case .errors, .topologyErrors, .componentErrors, .error, .lastError, .deadLetters, .topologyDeadLetters,
            .deadLetter, .deadLetterReplays, .topologyDeadLetterReplays, .deadLetterReplay:
            failureNote
        }
    }

    private var topologyNote: ZnodeNote {
        switch self {
        case .storm:
            ZnodeNote(
                .persistent, by: "the leading nimbus",
                "made by a submit; written by activate, deactivate, rebalance, kill and planned moves; deleted at the "
                    + "end of a kill", "a topology and what it is meant to do", StormBaseRecord.self)
        case .assignments: .directory("who runs what; watched by supervisors")
        case .assignment:
            ZnodeNote(
                .persistent, by: "the leading nimbus",
                "written when something has to run elsewhere; deleted together with the topology",
                "where the topology's executors run", AssignmentRecord.self)
        case .submissions: .directory("submits that wait for their code to be replicated")
        case .submission:
            ZnodeNote(
                .persistent, by: "the leading nimbus", "made before the topology; deleted when it exists",
                "a submit whose code is not on enough nimbuses yet; one that is left is undone by the next leader",
                SubmissionRecord.self)
        case .credentials: .directory("secrets of topologies")
        case .topologyCredentials:
            ZnodeNote(
                .persistent, by: "the leading nimbus", "at a submit, and by `storm upload-credentials`",
                "secrets for the topology's workers", CredentialsRecord.self)
        case .logConfigs: .directory("log levels of topologies")
        case .logConfig:
            ZnodeNote(
                .persistent, by: "the leading nimbus", "by `storm set_log_level`", "log levels that workers take over",
                LogConfigRecord.self)
        default:
            ZnodeNote(
                .persistent, by: "whichever daemon starts first",
                "made at the start; its version goes up with each submit", "the topologies; watched by nimbuses")
        }
    }

    private var workNote: ZnodeNote {
        switch self {
        case .supervisor:
            ZnodeNote(
                .ephemeral, by: "the supervisor",
                "made at its start; written when a worker comes or goes, and when it is about to stop",
                "a machine that offers slots", SupervisorRecord.self)
        case .workerBeats: .directory("living workers, by topology")
        case .topologyBeats:
            ZnodeNote(
                .persistent, by: "the leading nimbus", "made by a submit; deleted after the topology",
                "living workers of a topology")
        case .workerBeat:
            ZnodeNote(
                .ephemeral, by: "the worker",
                "made at its start; written when its state changes, and otherwise every "
                    + "`executor.metrics.frequency.secs`, or more rarely where `/pace` says so",
                "a worker that lives, and its numbers", WorkerBeatRecord.self)
        case .leaving: .directory("workers that were asked to stop")
        case .leavingWorker:
            ZnodeNote(
                .ephemeral, by: "the worker", "made when somebody asks it to stop",
                "it goes on until its slot has got a new process, so that no tree fails", LeavingRecord.self)
        case .pace:
            ZnodeNote(
                .persistent, by: "the leading nimbus",
                "written when the number of workers has changed so much that the budget of writes wants another pace",
                "how often a worker may write its numbers; each worker reads it with each write", PaceRecord.self)
        default: .directory("machines that are up; watched by nimbuses")
        }
    }

    private var nimbusNote: ZnodeNote {
        switch self {
        case .cluster:
            ZnodeNote(
                .persistent, by: "whichever daemon starts first", "made once",
                "which cluster this is: another id means that the tree was wiped and set up again",
                ClusterIdentityRecord.self)
        case .clusterMark:
            ZnodeNote(
                .persistent, by: "whichever daemon starts first", "made once",
                "says that the tree is whole: deeper than all that daemons go by, so whoever wipes the tree deletes it "
                    + "first")
        case .nimbus:
            ZnodeNote(.ephemeral, by: "the nimbus", "made at its start", "a nimbus that is up", NimbusRecord.self)
        case .leaderLock: .directory("the election; the candidate with the lowest counter leads")
        case .candidate:
            ZnodeNote(
                .ephemeralSequential, by: "a nimbus",
                "made when it stands for election; deleted when it finds that it lacks code",
                "a candidate; it holds the nimbus' `host:port` as plain text. Every write of the leader checks that its "
                    + "node is still there")
        case .blobStore: .directory("code and other blobs")
        case .blob:
            ZnodeNote(
                .persistent, by: "the leading nimbus",
                "made by a submit or `storm blobstore create`; deleted some minutes after its topology",
                "a blob that the cluster has; its content is on the disks of the nimbuses", BlobRecord.self)
        case .blobReplica:
            ZnodeNote(
                .ephemeral, by: "the nimbus that holds the blob", "made at its start, and when it has fetched the blob",
                "this nimbus holds the blob", BlobReplicaRecord.self)
        default: .directory("nimbuses that are up")
        }
    }

    private var failureNote: ZnodeNote {
        switch self {
        case .errors: .directory("errors of topologies")
        case .topologyErrors:
            ZnodeNote(
                .persistent, by: "the leading nimbus", "made by a submit; deleted after the topology",
                "errors of a topology")
        case .componentErrors:
            ZnodeNote(
                .persistent, by: "the worker or supervisor that has an error to tell", "made with the first error",
                "errors of a component; `__system` for what concerns a whole worker")
        case .error:
            ZnodeNote(
                .persistentSequential, by: "the worker or supervisor that has an error to tell",
                "made with each error; the newest ten stay", "one of the latest errors", ErrorRecord.self)
        case .lastError:
            ZnodeNote(
                .persistent, by: "the worker or supervisor that has an error to tell", "written with each error",
                "the last error of a component", ErrorRecord.self)
        case .topologyDeadLetters:
            ZnodeNote(
                .persistent, by: "the worker with the first letter", "deleted with the last letter",
                "dead letters of a topology; they outlive it")
        case .deadLetter:
            ZnodeNote(
                .persistent, by: "the worker of its spout",
                "made when a message is given up; deleted by `storm dlq drop`, or when it was emitted again and acked",
                "a message whose every attempt failed", DeadLetterRecord.self)
        case .deadLetterReplays: .directory("dead letters that somebody wants emitted again")
        case .topologyDeadLetterReplays:
            ZnodeNote(
                .persistent, by: "`storm dlq replay`", "made with the first wish; deleted with the last",
                "wishes for a topology; watched by its workers")
        case .deadLetterReplay:
            ZnodeNote(
                .persistent, by: "`storm dlq replay`; the worker that cannot do it",
                "made with the wish; deleted when the letter was emitted again",
                "somebody asked that the letter is emitted again", DeadLetterReplayRecord.self)
        default: .directory("messages that were given up, by topology")
        }
    }
}
