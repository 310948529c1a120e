internal import Logging
internal import StormCluster
internal import StormCore
internal import StormManifest

/// What is wanted: from the coordination store, or, while that is away, from the last life's file.
extension Supervisor {
    /// Takes over the present state of the store.
    func lookAtStore() {
        guard !isEnding, let assignmentsView, let stormsView else { return }
        let wish = ClusterWish.read(
            assignments: assignmentsView.snapshot(), storms: stormsView.snapshot(), supervisorID: id,
            ports: Set(configuration.ports), current: current)
        guard var wish else { return noteWipe() }
        if isStoreEmpty, wish.missing.isSubset(of: provenRemovals) {
            isStoreEmpty = false
            logger.info("the cluster's state is back in the coordination store")
        }
        let (kept, lookAgainAt) = removals.look(missing: wish.missing, now: now)
        wish.keep(kept.union(unproven(wish.missing.subtracting(kept))), of: current)
        provenRemovals.formIntersection(wish.missing)
        toldLost.formIntersection(wish.missing)
        if let lookAgainAt { lookAgain(at: lookAgainAt) }
        for fault in wish.local.faults where !faults.contains(fault) { logger.error("\(fault)") }
        faults = wish.local.faults
        topologies = wish.local.topologies
        // What cannot be read just now is still what it was.
        let before = known.filter { wish.local.topologies.contains($0.key) }
        known = before.merging(wish.known) { old, new in
            KnownTopology(base: new.base, assignment: new.assignment, clusterID: old.clusterID)
        }
        asked.formIntersection(wish.local.topologies)
        learnClusters()
        wish.hold(unlearned.subtracting(asked), current)
        replaceWanted(wish.local.wanted)
        note()
    }

    /// What was wanted before: by the life before, for workers of it that run, until the store was read.
    private var current: [Int: WantedWorker] {
        if isWantedKnown { return wanted }
        return recalled.wanted.filter { port, worker in
            seats[port]?.process != nil && seats[port]?.approval?.wanted == worker
        }
    }

    /// There is no `/storms`, or no `/assignments`: said once.
    private func noteWipe() {
        removals.forget()
        topologies = nil
        guard !isStoreEmpty else { return }
        isStoreEmpty = true
        // A machine that has nothing to lose may well be part of a cluster that is being set up.
        logger.log(
            level: wanted.isEmpty && seats.isEmpty ? .warning : .error,
            """
            the coordination store has no cluster state (\(ClusterPaths.storms) or \(ClusterPaths.assignments) is \
            missing): it is new, or was wiped. Workers and code here stay as they are until a nimbus has set it up again
            """)
    }

    func lookAgain(at time: Duration) {
        settling?.cancel()
        let wait = max(time - now, .zero)
        settling = Task {
            do {
                try await Task.sleep(for: wait)
                lookAtStore()
            } catch {
                // Cancelled: another look takes its place.
            }
        }
    }

    func replaceWanted(_ new: [Int: WantedWorker]) {
        wanted = configuration.isEnabled ? new : [:]
        isWantedKnown = true
        for port in Set(configuration.ports).union(seats.keys) { step(port) }
        publish()
    }

    // MARK: The file

    /// Writes down what is wanted; a disk that does not take it stops nothing, and is tried again by the repair.
    func note() {
        let content = AssignmentFile.Content(
            wanted: wanted, topologies: known.filter { id, _ in wanted.values.contains { $0.topologyID == id } },
            clusterID: clusterID)
        guard content != noted, isWantedKnown, configuration.isEnabled else { return }
        do {
            try assignmentFile.save(content)
            noted = content
            if isNotingBroken { logger.info("the last known assignments can be written again") }
            isNotingBroken = false
            toldUnnoted = []
        } catch {
            let text =
                "the assignments of \(configuration.host) cannot be written to its disk (workers go on, tried again "
                + "every \(configuration.repairInterval)): \(error)"
            if !isNotingBroken { logger.error("\(text)") }
            isNotingBroken = true
            // More may come while it is broken.
            let topologies = Set(wanted.values.map(\.topologyID))
            for topology in topologies.subtracting(toldUnnoted).sorted() { report("disk", text, topology, port: 0) }
            toldUnnoted = topologies
        }
    }

    /// Reads what the life before noted. What cannot be read only matters without the store: with it, it is written anew.
    func recall() {
        do {
            noted = try assignmentFile.load()
        } catch {
            recallFault = "\(error)"
            logger.warning(
                "the last known assignments are damaged; the coordination store, or the workers' own folders, tell instead",
                metadata: ["file": "\(assignmentFile.path)", "error": "\(error)"])
        }
        let started = seats.compactMapValues { $0.approval?.wanted }
        // Without the file the workers' own folders tell.
        recalled = noted ?? AssignmentFile.Content(wanted: started)
        recalled.mend(started: started, running: Set(seats.filter { $0.value.process != nil }.keys))
        known = recalled.topologies
        clusterID = recalled.clusterID
    }

    /// For a start without the store: the file, and what the workers' own folders say where that is no use.
    func goOnWithLastKnown() {
        if let recallFault {
            logger.error("the last known assignments cannot be used, the workers that are here go on: \(recallFault)")
            assignmentFile.setAside()
        }
        logger.warning(
            "the coordination store does not answer, or is empty; goes on with the last known assignments",
            metadata: ["workers": "\(recalled.wanted.count)"])
        replaceWanted(recalled.wanted)
    }

    func report(_ kind: String, _ message: String, _ topologyID: String, port: Int) {
        let record = ErrorRecord(
            component: FailureText.component, host: configuration.host, port: port, task: -1,
            timeMilliseconds: time.epochMilliseconds(), kind: kind, message: message)
        Task { [reporter] in await reporter.report(record, topologyID: topologyID) }
    }
}
