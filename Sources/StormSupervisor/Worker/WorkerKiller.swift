internal import FoundationEssentials
package import Logging
internal import StormProcess

/// `storm kill_workers`: ends all workers of this machine that a supervisor has started, whether it still runs or not.
///
/// A supervisor that runs starts them again, as in Storm; without one they stay away until the next comes.
package struct WorkerKiller: Sendable {
    /// What became of one worker. In JSON with snake_case names.
    package struct Report: Encodable, Hashable, Sendable {
        package enum Outcome: String, Encodable, Sendable {
            /// It ended when it was asked to.
            case stopped
            /// It had to be killed.
            case killed
            /// It did not run any more.
            case gone
            /// It runs still.
            case running
        }

        package var workerID: String
        package var topologyID: String
        package var port: Int
        package var pid: Int?
        package var outcome: Outcome

        enum CodingKeys: String, CodingKey {
            case port, pid, outcome
            case workerID = "worker_id"
            case topologyID = "topology_id"
        }
    }

    private let paths: SupervisorPaths
    private let launcher: any WorkerLauncher
    private let grace: Duration
    private let logger: Logger

    /// How long a process that was killed may take to go.
    private static let killLimit = Duration.seconds(10)

    /// - Parameter grace: between the request to stop and the kill (`supervisor.worker.shutdown.sleep.secs`).
    package init(paths: SupervisorPaths, launcher: any WorkerLauncher, grace: Duration, logger: Logger) {
        self.paths = paths
        self.launcher = launcher
        self.grace = grace
        self.logger = logger
    }

    /// - Returns: what became of each worker, by port; and whether a supervisor runs.
    /// - Throws: ``SupervisorError`` when no supervisor has ever worked here, or its folder cannot be read.
    package func run() async throws -> (workers: [Report], supervisorRuns: Bool) {
        guard SystemFile.exists(paths.workers) else {
            throw SupervisorError(
                .badState,
                "no supervisor has worked in \(paths.local): there is no \(paths.workers); "
                    + "run this on the supervisor's machine with its storm.local.dir")
        }
        let lock: FolderLock?
        let names: [String]
        do {
            // While it is held no supervisor comes up in between.
            lock = SystemFile.exists(paths.supervisor) ? try FolderLock(file: paths.lockFile) : nil
            names = try FileManager.default.contentsOfDirectory(atPath: paths.workers).sorted()
        } catch {
            throw SupervisorError(.badState, "the supervisor's folder \(paths.local) cannot be read: \(error)")
        }
        let reports = await withTaskGroup(of: Report?.self) { group in
            for name in names { group.addTask { await end(name) } }
            var reports: [Report] = []
            for await report in group { if let report { reports.append(report) } }
            return reports
        }
        // A supervisor that runs tidies up itself, when it has seen the end.
        if lock != nil {
            for report in reports where report.outcome != .running { remove(report.workerID) }
        }
        return (reports.sorted { ($0.port, $0.workerID) < ($1.port, $1.workerID) }, lock == nil)
    }

    /// - Returns: nil for a folder that is no worker's.
    private func end(_ worker: String) async -> Report? {
        guard let approval = WorkerApproval.load(paths.approval(worker)), approval.workerID == worker else {
            return nil
        }
        var report = Report(
            workerID: worker, topologyID: approval.wanted.topologyID, port: approval.port, pid: nil, outcome: .gone)
        let recovery = WorkerRecovery(paths: paths, launcher: launcher, logger: logger)
        guard let process = await recovery.process(of: approval) else { return report }
        report.pid = Int(process.identity.pid)
        do {
            // So that it does not wait for its executors to be moved.
            try SystemFile.writeAtomically(paths.stopRequest(worker), [])
        } catch {
            logger.warning("cannot note the request to stop: \(error)")
        }
        process.terminate()
        if await hasEnded(process, within: grace) {
            report.outcome = .stopped
        } else {
            await process.kill()
            report.outcome = await hasEnded(process, within: Self.killLimit) ? .killed : .running
        }
        return report
    }

    private func hasEnded(_ process: any WorkerProcess, within limit: Duration) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                // Only cancellation keeps it from being told.
                (try? await process.waitForEnd()) != nil
            }
            group.addTask {
                // Cancelled when the process has ended.
                try? await Task.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    private func remove(_ worker: String) {
        do {
            try FileManager.default.removeItem(atPath: paths.worker(worker))
        } catch {
            logger.warning("cannot remove \(paths.worker(worker)): \(error)")
        }
    }
}
