package import StormCluster
import StormCore

/// All that is known of one topology's placement.
package struct ExplainInput: Sendable {
    /// Nil: its submit is still under way.
    package var base: StormBaseRecord?
    package var submission: SubmissionRecord?
    package var assignment: AssignmentRecord?
    /// Of all topologies, to tell which slots are used; by topology id.
    package var assignments: [String: AssignmentRecord] = [:]
    package var supervisors: [SupervisorRecord] = []
    package var beats: [WorkerBeatRecord] = []
    /// What the leading nimbus' last round said; nil when it does not answer.
    package var schedulerStatus: String?
    package var hasLeader = true
    /// How many nimbuses have each of the topology's blobs, by key.
    package var replicas: [String: Int] = [:]
    /// Why workers ended, newest first, and what supervisors could not do.
    package var systemErrors: [ErrorRecord] = []

    package init() {}

    /// - Parameter name: name or id.
    /// - Throws: `CommandFailure` when there is no such topology; `CoordinationError`.
    package static func read(
        _ name: String, _ state: ClusterState, scheduler: () async -> (hasLeader: Bool, status: String?)
    ) async throws -> ExplainInput {
        var input = ExplainInput()
        let storms = try await state.storms.readable()
        let bases = storms.records.values.map(\.record)
        input.base = bases.first { $0.id == name } ?? bases.first { $0.name == name }
        guard let base = input.base else {
            let submissions = try await state.submissions.readable().records.values.map(\.record)
            input.submission = submissions.first { $0.name == name || $0.topologyID == name }
            guard input.submission != nil else {
                throw UnknownTopology.failure(name, in: storms, others: submissions.map(\.name))
            }
            return input
        }
        let assignments = try await state.assignments.readable()
        if let fault = assignments.faults[base.id] { throw fault }
        input.assignments = assignments.records.mapValues(\.record)
        input.assignment = input.assignments[base.id]
        input.supervisors = try await state.supervisors.readable().records.values.map(\.record).sorted {
            ($0.host, $0.id) < ($1.host, $1.id)
        }
        input.beats = try await state.workerBeats(base.id).readable().records.values.map(\.record)
        for blob in base.blobs { input.replicas[blob.key] = try await state.blobReplicas(blob.key).ids().count }
        input.systemErrors = try await state.errors.errors(base.id, component: TopologyPlan.systemComponent)
        (input.hasLeader, input.schedulerStatus) = await scheduler()
        return input
    }
}
