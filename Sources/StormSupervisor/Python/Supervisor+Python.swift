internal import FoundationEssentials
internal import StormCluster
internal import StormCore
internal import StormManifest

extension Supervisor {
    /// Makes the Python environment that the topology asks for, and links it into its code's folder: workers that start
    /// from then on have it first in their PATH. Without such a wish a link of before goes.
    /// - Throws: ``SupervisorError``; what the store or the download threw.
    func prepareEnvironment(_ local: LocalCode, _ topologyID: String) async throws {
        let conf = try starter.mergedConf(local, topologyID: topologyID, known[topologyID]?.assignment.settings ?? [:])
        guard case .string(let key)? = conf["topology.python.environment"], !key.isEmpty else {
            return try EnvironmentLink.remove(local.environmentLink)
        }
        let present = local.pythonEnvironment
        let folder = try await environments.prepare(key, present: present)
        guard folder != present else { return }
        try EnvironmentLink.replace(local.environmentLink, with: folder)
    }
}

extension LocalCode {
    var environmentLink: String { "\(directory)/environment" }

    /// The folder of the topology's Python environment for workers that start now; nil when it has none.
    var pythonEnvironment: String? { EnvironmentLink.read(environmentLink) }

    static func pythonEnvironment(in directory: String) -> String? {
        EnvironmentLink.read("\(directory)/environment")
    }
}

extension SupervisorPaths {
    /// The Python environments that workers were started with: in use also when their topology has got another one.
    var workersEnvironments: Set<String> {
        // Without the folder there are no workers.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: workers)) ?? []
        return Set(names.compactMap { EnvironmentLink.read(environmentLink($0)) })
    }
}

extension PythonEnvironments {
    /// What a process is given so that it uses the environment, as its own `activate` would.
    /// - Parameter folder: nil: none.
    static func variables(_ folder: String?, path: String?) -> [String: String] {
        guard let folder else { return [:] }
        return ["VIRTUAL_ENV": folder, "PATH": "\(folder)/bin:" + (path ?? "/usr/local/bin:/usr/bin:/bin")]
    }
}
