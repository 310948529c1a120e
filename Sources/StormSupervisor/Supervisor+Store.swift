internal import Glibc
internal import Logging
internal import StormCluster
internal import StormCore

/// What the supervisor reads from and shows in the coordination store.
extension Supervisor {
    /// Watches the assignments until the task is cancelled.
    /// - Throws: ``SupervisorError`` `storeClosed`; `CancellationError`.
    func followAssignments() async throws {
        let view = try await view(of: ClusterPaths.assignments)
        try await learnClusterID()
        assignmentsView = view
        try await follow(view)
    }

    /// As `followAssignments`, for the topologies' own records: what workers need to know when the store is away.
    func followTopologies() async throws {
        let view = try await view(of: ClusterPaths.storms)
        stormsView = view
        try await follow(view)
    }

    private func view(of path: String) async throws -> any SubtreeView {
        try await retrying("watch \(path)") { [state] in try await state.store.view(of: path, depth: 1) }
    }

    private func follow(_ view: any SubtreeView) async throws {
        defer { view.close() }
        lookAtStore()
        for await _ in view.changes { lookAtStore() }
        try Task.checkCancellation()
        throw SupervisorError(.storeClosed, "the coordination store was closed while the supervisor works")
    }

    /// Keeps `/supervisors/<id>` there: also when somebody deletes it.
    func stayRegistered() async throws {
        let path = ClusterPaths.supervisor(id)
        while true {
            if registration == nil {
                registration = try await retrying("register") { [self] in
                    try await state.store.registerEphemeral(path, RecordCodec.encode(await record()))
                }
                // What was registered may be older than what is: the next comparison sees to it.
                published = nil
                publish()
            }
            try await Task.sleep(for: configuration.repairInterval)
            await dropRegistrationIfDeleted(path)
        }
    }

    private func dropRegistrationIfDeleted(_ path: String) async {
        do {
            guard try await !state.store.exists(path), let old = registration else { return }
            logger.warning("\(path) was deleted by somebody; registers again")
            registration = nil
            await old.close()
        } catch {
            logger.debug("cannot look at \(path): \(error)")
        }
    }

    private var usedPorts: [Int] { seats.filter { !$0.value.slot.isEmpty }.keys.sorted() }

    private func record() -> SupervisorRecord {
        var record = SupervisorRecord(
            id: id, host: configuration.host, ports: configuration.ports, usedPorts: usedPorts,
            pid: Int(getpid()), startedAtMilliseconds: startedAtMilliseconds, stormVersion: configuration.stormVersion,
            resources: configuration.resources, schedulerMeta: configuration.schedulerMeta)
        record.httpPort = configuration.httpPort
        record.draining = isDraining ? true : nil
        return record
    }

    /// Shows the used ports, and the wish to stop, to the cluster when they have changed; one update at a time, the
    /// newest wins.
    func publish() {
        let current = PublishedState(usedPorts: usedPorts, isDraining: isDraining)
        guard let registration, !isPublishing, current != published, !isEnding else { return }
        isPublishing = true
        let record = record()
        Task {
            do {
                try await registration.update(RecordCodec.encode(record))
                didPublish(current, worked: true)
            } catch {
                // The repair loop tries again.
                logger.debug("cannot update /supervisors/\(id): \(error)")
                didPublish(current, worked: false)
            }
        }
    }

    private func didPublish(_ state: PublishedState, worked: Bool) {
        isPublishing = false
        guard worked else { return }
        published = state
        publish()
    }

    /// Repeats what failed, with growing waits, for as long as the task lives.
    func retrying<Value: Sendable>(_ what: String, _ body: @Sendable () async throws -> Value) async throws
        -> Value
    {
        var delay = configuration.storeRetryDelay
        var isFirst = true
        while true {
            do {
                return try await body()
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                if (error as? CoordinationError)?.code == .closed {
                    throw SupervisorError(.storeClosed, "cannot \(what): \(error)")
                }
                if isFirst { logger.warning("cannot \(what) yet, tries again: \(error)") }
                isFirst = false
            }
            try await Task.sleep(for: delay)
            delay = min(delay * 2, configuration.storeRetryDelay * 10)
        }
    }
}
