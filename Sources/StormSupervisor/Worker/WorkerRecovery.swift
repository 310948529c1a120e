internal import FoundationEssentials
internal import Logging
internal import StormProcess

/// Finds what a former life of the supervisor left running.
struct WorkerRecovery: Sendable {
    struct Found: Sendable {
        let approval: WorkerApproval
        /// `nil`: it ended meanwhile.
        let process: (any WorkerProcess)?
    }

    let paths: SupervisorPaths
    let launcher: any WorkerLauncher
    let logger: Logger

    /// By port, at most one worker each: the one that runs, else the one started last. Everything else that is found is
    /// ended, and its folder removed.
    func recover() async throws -> [Int: Found] {
        var found: [Int: Found] = [:]
        for worker in try FileManager.default.contentsOfDirectory(atPath: paths.workers).sorted() {
            guard let approval = WorkerApproval.load(paths.approval(worker)), approval.workerID == worker else {
                await endStranger(worker)
                continue
            }
            let candidate = Found(approval: approval, process: await process(of: approval))
            guard let other = found[approval.port] else {
                found[approval.port] = candidate
                continue
            }
            let isBetter = rank(candidate) > rank(other)
            found[approval.port] = isBetter ? candidate : other
            await end(isBetter ? other : candidate)
        }
        return found
    }

    private func rank(_ found: Found) -> (Int, Int64) {
        (found.process == nil ? 0 : 1, found.approval.startedAtMilliseconds)
    }

    func process(of approval: WorkerApproval) async -> (any WorkerProcess)? {
        var identity = approval.process
        if identity == nil { identity = await launcher.find(manifest: paths.manifest(approval.workerID)) }
        guard let identity else { return nil }
        do {
            return try await launcher.adopt(identity)
        } catch {
            logger.debug("worker \(approval.workerID) on port \(approval.port) is gone: \(error)")
            await launcher.endLeftovers(of: identity)
            return nil
        }
    }

    private func endStranger(_ worker: String) async {
        if let identity = await launcher.find(manifest: paths.manifest(worker)) {
            do {
                let process = try await launcher.adopt(identity)
                logger.warning("ends worker \(worker), \(identity): its approval is missing or damaged")
                await process.kill()
            } catch {
                logger.debug("worker \(worker) is gone: \(error)")
                await launcher.endLeftovers(of: identity)
            }
        }
        remove(worker)
    }

    private func end(_ found: Found) async {
        if let process = found.process {
            logger.warning("ends worker \(found.approval.workerID): port \(found.approval.port) has another one")
            await process.kill()
        }
        remove(found.approval.workerID)
    }

    private func remove(_ worker: String) {
        do {
            try FileManager.default.removeItem(atPath: paths.worker(worker))
        } catch {
            logger.warning("cannot remove \(paths.worker(worker)): \(error)")
        }
    }
}
