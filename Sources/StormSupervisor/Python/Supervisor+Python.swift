internal import FoundationEssentials
internal import Glibc
internal import StormCluster
internal import StormCore
internal import StormManifest
internal import StormProcess

extension Supervisor {
    /// Makes the Python environment that the topology asks for, and links it into its code's folder: workers that start
    /// from then on have it first in their PATH.
    /// - Throws: ``SupervisorError``; what the store or the download threw.
    func prepareEnvironment(_ local: LocalCode, _ topologyID: String) async throws {
        let conf = try starter.mergedConf(local, topologyID: topologyID, known[topologyID]?.assignment.settings ?? [:])
        guard case .string(let key)? = conf["topology.python.environment"], !key.isEmpty else { return }
        let present = local.pythonEnvironment
        let folder = try await environments.prepare(key, present: present)
        guard folder != present else { return }
        let link = local.environmentLink
        let temporary = "\(link).\(UUID().uuidString)"
        try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: folder)
        guard rename(temporary, link) == 0 else {
            throw SupervisorError(.badState, "cannot make the link \(link)")
        }
    }
}

extension LocalCode {
    var environmentLink: String { "\(directory)/environment" }

    /// The folder of the topology's Python environment; nil when it has none.
    var pythonEnvironment: String? { Self.pythonEnvironment(in: directory) }

    static func pythonEnvironment(in directory: String) -> String? {
        // No link: no environment.
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/environment")
    }

    /// What a process is given so that it uses the environment, as its own `activate` would.
    func pythonVariables(path: String?) -> [String: String] {
        guard let folder = pythonEnvironment else { return [:] }
        return ["VIRTUAL_ENV": folder, "PATH": "\(folder)/bin:" + (path ?? "/usr/local/bin:/usr/bin:/bin")]
    }
}
