import StormCluster
import StormConsole
import StormCore
import Testing

@Suite struct ExplainReportTests {
    private let now: Int64 = 1_763_700_060_000
    private let placed: Int64 = 1_763_700_000_000

    private func base(status: TopologyStatus = .active, workers: Int = 2) -> StormBaseRecord {
        StormBaseRecord(
            name: "wc", id: "wc-1-1", status: status, owner: "alice", submittedAtMilliseconds: 0, workers: workers,
            componentExecutors: ["a": 2, "b": 2], componentTasks: ["a": 2, "b": 2],
            blobs: [BlobReference(key: "wc-1-1-code", sha256: "00", sizeBytes: 1)])
    }

    private func executor(_ task: Int) -> ExecutorRange { ExecutorRange(TaskID(task), TaskID(task)) }

    private func worker(_ node: String, _ tasks: [Int], incarnation: Int) -> WorkerAssignment {
        WorkerAssignment(
            node: node, host: "host-\(node)", port: 6700, executors: tasks.map(executor),
            startedAtMilliseconds: placed, incarnation: incarnation)
    }

    private func decision(
        _ generation: Int, cause: String, moved: [Int]?, movedCount: Int, rule: String = "in_turn"
    ) -> PlacementRecord {
        PlacementRecord(
            generation: generation, timeMilliseconds: placed, cause: cause,
            nodes: cause == "machines_gone" ? ["n3"] : nil,
            rule: rule, wantedWorkers: 2, freeSlots: 4, freeMachines: 2, newSlots: 1, movedCount: movedCount,
            moved: moved.map { ExecutorList($0.map(executor)) })
    }

    private func beat(_ node: String, incarnation: Int, state: WorkerState = .running) -> WorkerBeatRecord {
        WorkerBeatRecord(
            topologyID: "wc-1-1", node: node, host: "host-\(node)", port: 6700, pid: 1, incarnation: incarnation,
            state: state, timeMilliseconds: now, uptimeSeconds: 1)
    }

    private func supervisor(_ id: String, ports: [Int] = [6700, 6701]) -> SupervisorRecord {
        SupervisorRecord(
            id: id, host: "host-\(id)", ports: ports, pid: 1, startedAtMilliseconds: 0, stormVersion: "1")
    }

    private var settled: ExplainInput {
        var input = ExplainInput()
        input.base = base()
        var assignment = AssignmentRecord(
            topologyID: "wc-1-1", generation: 2, codeSHA256: "",
            workers: [worker("n1", [1, 3], incarnation: 1), worker("n2", [2, 4], incarnation: 2)])
        assignment.decisions = [
            decision(1, cause: "first", moved: nil, movedCount: 4),
            decision(2, cause: "machines_gone", moved: [2], movedCount: 1),
        ]
        input.assignment = assignment
        input.assignments = ["wc-1-1": assignment]
        input.supervisors = [supervisor("n1"), supervisor("n2")]
        input.beats = [beat("n1", incarnation: 1), beat("n2", incarnation: 2)]
        input.replicas = ["wc-1-1-code": 1]
        input.schedulerStatus = "Fully Scheduled"
        return input
    }

    @Test func eachExecutorHasTheReasonOfItsGeneration() {
        let report = ExplainReport(settled, now: now)
        #expect(report.isSettled && report.pending.isEmpty)
        #expect(report.workers.map(\.state) == ["running", "running"])
        #expect(
            report.workers[0].why.hasPrefix("it was placed for the first time; it wants 2 workers, 1 new slot taken"))
        #expect(report.workers[1].why.hasPrefix("machines were gone (n3)"))
        #expect(report.workers[0].executors.map(\.component) == ["a", "b"])
        #expect(report.workers[0].executors.allSatisfy { $0.why == "dealt in task order, in turn over the new slots" })
        // Executor 4 ran there before the worker got executor 2 as well.
        #expect(report.workers[1].executors.map(\.why).last == "kept: it ran here before")
        let lines = report.lines(now: now)
        #expect(lines[0] == "wc (wc-1-1), ACTIVE, 2 of 2 workers" && lines[1] == "scheduler: Fully Scheduled")
        #expect(lines.contains { $0.hasPrefix("  since 60 s ago: it was placed") })
    }

    @Test func itsDocumentHasTheNamesOfTheOthers() throws {
        let text = try JSONOutput.line(ExplainReport(settled, now: now))
        #expect(text.contains(#""topology":"wc","topology_id":"wc-1-1""#) && !text.contains(#""id":"#))
        #expect(text.contains(#"{"component":"a","first_task":1,"last_task":1,"why":""#))
    }

    private func pending(_ change: (inout ExplainInput) -> Void) -> [String] {
        var input = settled
        change(&input)
        return ExplainReport(input, now: now).pending
    }

    @Test func withoutSupervisorsThatIsTheCause() {
        let texts = pending {
            $0.assignment = nil
            $0.assignments = [:]
            $0.supervisors = []
        }
        #expect(texts.first?.hasPrefix("no supervisor is up") == true)
    }

    @Test func withoutAFreeSlotItSaysHowManyAreNeeded() {
        let texts = pending {
            $0.base = base(workers: 4)
            $0.supervisors = [supervisor("n1", ports: [6700]), supervisor("n2", ports: [6700])]
        }
        #expect(texts.count == 1)
        #expect(
            texts[0].hasPrefix("no free slot: it needs 2 more workers, the cluster has 2 slots on 2 machines, 0 free"))
    }

    @Test func codeThatNobodyHasIsNamed() {
        #expect(pending { $0.replicas = [:] }.first?.hasPrefix("no nimbus that is up has wc-1-1-code") == true)
    }

    @Test func aWorkerThatIsNotUpIsExplainedByItsLastError() {
        let quiet = pending { $0.beats.removeLast() }
        #expect(
            quiet == ["worker host-n2:6700 is not up: assigned 60 s ago, its supervisor fetches the code or starts it"])
        let crashed = pending {
            $0.beats.removeLast()
            $0.systemErrors = [
                ErrorRecord(
                    component: "__system", host: "host-n2", port: 6700, task: -1, timeMilliseconds: now - 5000,
                    kind: "exit", message: "the worker ended: exit code 3")
            ]
        }
        #expect(crashed == ["worker host-n2:6700 is not up: the worker ended: exit code 3 (5 s ago)"])
        let orphan = pending {
            $0.beats.removeLast()
            $0.supervisors.removeLast()
        }
        #expect(orphan.contains("worker host-n2:6700 is not up and the supervisor of its machine is gone"))
    }

    @Test func theStatesOfItsLifeAreCauses() {
        #expect(pending { $0.hasLeader = false }.first?.hasPrefix("no nimbus leads") == true)
        #expect(pending { $0.base?.status = .inactive }.first?.hasPrefix("its spouts are off") == true)
        #expect(pending { $0.base?.status = .killed } == ["it is being killed"])
        let moving = pending {
            $0.base?.status = .rebalancing
            $0.base?.action = PendingAction(kind: .rebalance, waitSeconds: 30, deadlineMilliseconds: now + 9000)
        }
        #expect(moving == ["a rebalance is under way: its trees finish, in 9 s at the latest"])
    }

    @Test func aSubmitUnderWayWaitsForReplication() {
        var input = ExplainInput()
        input.submission = SubmissionRecord(
            topologyID: "wc-1-1", name: "wc", nimbus: "n:6627", blobs: [], startedAtMilliseconds: now - 2000)
        let report = ExplainReport(input, now: now)
        #expect(report.status == "SUBMITTING" && !report.isSettled)
        #expect(report.pending[0].hasPrefix("its code is not replicated yet: n:6627 took it 2 s ago"))
    }
}
