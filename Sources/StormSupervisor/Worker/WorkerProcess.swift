package import StormProcess

/// A worker's process as the supervisor sees it.
package protocol WorkerProcess: Sendable {
    var identity: ProcessIdentity { get }
    /// SIGTERM to the process itself: it stops what it started in order.
    func terminate()
    /// SIGKILL to the process and all it started.
    func kill() async
    /// Suspends until the process is gone; then kills what it left behind, so that the next one finds a clean place.
    /// - Throws: only `CancellationError`.
    func waitForEnd() async throws -> ProcessExit
}

/// Starts workers and finds them again; the seam between the slots' logic and processes.
package protocol WorkerLauncher: Sendable {
    /// - Throws: why there is no process.
    func launch(_ launch: WorkerLaunch) async throws -> any WorkerProcess
    /// A worker that a former supervisor started.
    /// - Throws: when this process does not run any more.
    func adopt(_ identity: ProcessIdentity) async throws -> any WorkerProcess
    /// The process that was started with this manifest, if it runs: for a worker whose supervisor died before it could
    /// note the process.
    func find(manifest path: String) async -> ProcessIdentity?
    /// Kills what a worker left behind whose end nobody saw. Does nothing while it runs.
    func endLeftovers(of identity: ProcessIdentity) async
}

/// How to start one worker. All folders exist.
package struct WorkerLaunch: Hashable, Sendable {
    package var executable: String
    package var arguments: [String]
    /// Added to the supervisor's own.
    package var environment: [String: String]
    package var workingDirectory: String
    package var outputFile: String
    package var errorFile: String

    package init(
        executable: String, arguments: [String], environment: [String: String], workingDirectory: String,
        outputFile: String, errorFile: String
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.outputFile = outputFile
        self.errorFile = errorFile
    }
}
