import StormCore

/// One of each record, with every field: what the article on znodes shows, and what its test checks the notes against.
private enum Example {
    static let topology = "wc-1-1700000000"
    static let node = "9b7c0a52-1f0e-4d0b-8a52-3f1c1f6f2a10"
    static let host = "worker-1.example"
    static let nimbus = "nimbus-1.example:6627"
    static let time: Int64 = 1_700_000_000_000
    static let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

    static func executor(_ first: Int, _ last: Int) -> ExecutorRange { ExecutorRange(TaskID(first), TaskID(last)) }
}

extension ClusterIdentityRecord {
    package static var example: Self { Self(clusterID: "0123456789abcdef0123456789abcdef") }
}

extension PaceRecord {
    package static var example: Self { Self(beatSeconds: 134, workers: 10_000) }
}

extension StormBaseRecord {
    package static var example: Self {
        let suffixes = ["-stormjar.jar", "-stormcode.ser", "-stormconf.ser"]
        var record = Self(
            name: "wc", id: Example.topology, status: .rebalancing, owner: "ann", submittedAtMilliseconds: Example.time,
            workers: 2, componentExecutors: ["__acker": 2, "count": 4, "split": 4],
            componentTasks: ["__acker": 2, "count": 4, "split": 8],
            blobs: suffixes.map { BlobReference(key: Example.topology + $0, sha256: Example.hash, sizeBytes: 2_048) })
        record.previousStatus = .active
        record.action = PendingAction(
            kind: .rebalance, waitSeconds: 30, deadlineMilliseconds: Example.time + 30_000, workers: 3,
            executors: ["count": 2])
        record.action?.phase = .draining
        record.action?.drain = 1
        record.action?.startedAtMilliseconds = Example.time
        record.action?.reason = "supervisor \(Example.node) on \(Example.host) is about to stop"
        record.action?.settings = ["topology.max.spout.pending": .int(500)]
        record.drains = 1
        record.settings = ["topology.max.spout.pending": .int(1_000)]
        record.debug = ["split": DebugSampling(enabled: true, percent: 10)]
        record.workerToken = "f3a1"
        return record
    }
}

extension AssignmentRecord {
    package static var example: Self {
        let executors = [1, 4, 7].map { Example.executor($0, $0) } + [Example.executor(9, 10)]
        var record = Self(
            topologyID: Example.topology, generation: 3, codeSHA256: Example.hash,
            workers: [
                WorkerAssignment(
                    node: Example.node, host: Example.host, port: 6700, executors: executors,
                    startedAtMilliseconds: Example.time, incarnation: 3)
            ])
        record.settings = ["topology.max.spout.pending": .int(1_000)]
        record.decisions = [
            PlacementRecord(
                generation: 3, timeMilliseconds: Example.time, cause: "machines_gone", nodes: [Example.node],
                rule: "in_turn", wantedWorkers: 2, freeSlots: 3, freeMachines: 1, newSlots: 1, movedCount: 2,
                moved: ExecutorList(Array(executors.prefix(2))))
        ]
        return record
    }
}

extension SupervisorRecord {
    package static var example: Self {
        var record = Self(
            id: Example.node, host: Example.host, ports: [6700, 6701, 6702, 6703], usedPorts: [6700], pid: 812,
            startedAtMilliseconds: Example.time, stormVersion: "1.0.0",
            resources: ["cpu.pcore.percent": 400, "memory.mb": 4096], schedulerMeta: ["zone": "a"])
        record.draining = true
        record.httpPort = 6630
        return record
    }
}

extension WorkerBeatRecord {
    package static var example: Self {
        var counts = ExecutorCounts()
        counts.emitted = ["default": 1200]
        counts.transferred = ["default": 1200]
        counts.executed = ["lines:default": 300]
        counts.acked = ["lines:default": 300]
        counts.failed = ["lines:default": 0]
        counts.completeMilliseconds = ["default": 4.5]
        counts.executeMilliseconds = ["lines:default": 0.02]
        counts.processMilliseconds = ["lines:default": 0.02]
        let executor = ExecutorBeat(
            executor: Example.executor(9, 10), component: "split", isSpout: false, uptimeSeconds: 60,
            windows: [ExecutorBeat.allTime: counts])
        var record = Self(
            topologyID: Example.topology, node: Example.node, host: Example.host, port: 6700, pid: 913, incarnation: 3,
            state: .running, timeMilliseconds: Example.time, uptimeSeconds: 60, executors: [executor],
            residentBytes: 31_457_280, cpuSeconds: 1.5)
        record.drained = 1
        record.generation = 3
        return record
    }
}

extension LeavingRecord {
    package static var example: Self {
        Self(
            topologyID: Example.topology, slot: WorkerSlot(node: Example.node, port: 6700), incarnation: 3,
            timeMilliseconds: Example.time)
    }
}

extension NimbusRecord {
    package static var example: Self {
        var record = Self(
            host: "nimbus-1.example", port: 6627, pid: 7, startedAtMilliseconds: Example.time, stormVersion: "1.0.0")
        record.httpPort = 6629
        return record
    }
}

extension BlobRecord {
    package static var example: Self {
        Self(
            key: Example.topology + "-stormjar.jar", sha256: Example.hash, sizeBytes: 12_582_912,
            createdAtMilliseconds: Example.time, owner: "ann")
    }
}

extension BlobReplicaRecord {
    package static var example: Self { Self(sha256: Example.hash) }
}

extension SubmissionRecord {
    package static var example: Self {
        Self(
            topologyID: Example.topology, name: "wc", nimbus: Example.nimbus,
            blobs: [Example.topology + "-stormjar.jar"], startedAtMilliseconds: Example.time)
    }
}

extension CredentialsRecord {
    package static var example: Self { Self(credentials: ["database.password": "secret"]) }
}

extension LogConfigRecord {
    package static var example: Self {
        Self(levels: [
            "ROOT": Level(level: "debug", expiresAtMilliseconds: Example.time + 600_000, timeoutSeconds: 600)
        ])
    }
}

extension ErrorRecord {
    package static var example: Self {
        Self(
            component: "split", host: Example.host, port: 6700, task: 9, timeMilliseconds: Example.time, kind: "error",
            message: "the sentence has no words")
    }
}

extension DeadLetterRecord {
    package static var example: Self {
        Self(
            topologyID: Example.topology, component: "lines", task: 3, messageID: "41", stream: "default",
            fields: ["sentence"], values: [.string("")], directTask: 9, attempts: 3,
            history: [
                Failure(
                    timeMilliseconds: Example.time, reason: "threw", component: "split", task: 9, host: Example.host,
                    port: 6700, detail: "the sentence has no words")
            ], timeMilliseconds: Example.time + 5_000)
    }
}

extension DeadLetterReplayRecord {
    package static var example: Self {
        Self(
            component: "lines", task: 3, requestedAtMilliseconds: Example.time,
            refusal: "the topology has no such component any more")
    }
}
