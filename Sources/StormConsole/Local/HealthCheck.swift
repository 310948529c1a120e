package import StormCore
import FoundationEssentials
import Glibc
import StormProcess

/// `storm node-health-check`: the operator's own scripts say whether this machine is fit to run workers.
package struct HealthCheck: Sendable {
    /// What came of one script.
    package enum Verdict: Equatable, Sendable {
        case healthy
        case failed(String)
        case timedOut
    }

    /// What came of all: `storm node-health-check --json`. `verdict` is `healthy`, `failed` or `timed_out`.
    package struct Report: Encodable, Equatable, Sendable {
        package struct Script: Encodable, Equatable, Sendable {
            package var script: String
            package var verdict: String
            /// Why it is not healthy.
            package var reason: String?

            package init(script: String, verdict: String, reason: String? = nil) {
                self.script = script
                self.verdict = verdict
                self.reason = reason
            }
        }

        package var healthy: Bool
        package var scripts: [Script]

        package init(healthy: Bool, scripts: [Script]) {
            self.healthy = healthy
            self.scripts = scripts
        }
    }

    private let folder: String
    private let limit: Duration
    private let failsOnTimeouts: Bool

    /// - Parameter home: what a folder that is not absolute lies in.
    package init(_ config: Config, home: String) {
        let folder = config[.stormHealthCheckDir]
        self.folder = folder.hasPrefix("/") ? folder : home + "/" + folder
        limit = config.duration(.stormHealthCheckTimeoutMs)
        failsOnTimeouts = config[.stormHealthCheckFailOnTimeouts] ?? true
    }

    package init(folder: String, limit: Duration, failsOnTimeouts: Bool) {
        self.folder = folder
        self.limit = limit
        self.failsOnTimeouts = failsOnTimeouts
    }

    /// Runs every executable file of the folder, one after the other; a folder that is not there has none.
    /// - Parameter say: told about each.
    /// - Returns: whether the machine is healthy, by Storm's rules: a script's status counts, its output does not.
    package func run(_ say: (String) -> Void) async -> Report {
        var report = Report(healthy: true, scripts: [])
        for script in scripts() {
            let verdict = await run(script)
            var entry = Report.Script(script: script, verdict: "healthy")
            switch verdict {
            case .healthy: break
            case .failed(let reason): (entry.verdict, entry.reason) = ("failed", reason)
            case .timedOut: (entry.verdict, entry.reason) = ("timed_out", "no answer within \(limit)")
            }
            say("\(script): \(entry.reason ?? "healthy")")
            report.scripts.append(entry)
            if verdict != .healthy, verdict != .timedOut || failsOnTimeouts { report.healthy = false }
        }
        return report
    }

    private func scripts() -> [String] {
        // Without the folder there is nothing to run.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { folder + "/" + $0 }.filter { path in
            var isFolder = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
                && access(path, X_OK) == 0
        }
    }

    private func run(_ script: String) async -> Verdict {
        var specification = ProcessSpecification(executable: script)
        specification.standardOutput = .capture(lastBytesMax: 4096)
        specification.standardError = .capture(lastBytesMax: 4096)
        // With its own session everything that it started ends with it.
        specification.newSession = true
        specification.whenParentEnds = .killed
        do {
            let process = try await ChildProcess.spawn(specification)
            guard let exit = try await process.waitForExit(within: limit) else {
                try await process.terminate(grace: .seconds(1), scope: .session)
                return .timedOut
            }
            return exit.isSuccess ? .healthy : .failed("\(exit)")
        } catch {
            return .failed("cannot be run: \(error)")
        }
    }
}
