internal import StormProcess

/// A topology's code on this machine: complete, checked, in place.
package struct LocalCode: Hashable, Sendable, Codable {
    /// Absolute, as are all paths here.
    package var directory: String
    package var code: String
    package var topology: String?
    package var topologyConf: String?
    /// The folder with what the code holds for the components' processes, which may write there; nil when the code is no
    /// archive.
    package var resources: String?
    /// Of the file `code`.
    package var codeSHA256: String
    /// Of all files, by their names in the folder; nil when an older program wrote this.
    package var sha256: [String: String]?

    package init(
        directory: String, code: String, topology: String?, topologyConf: String?, codeSHA256: String,
        sha256: [String: String]? = nil, resources: String? = nil
    ) {
        self.directory = directory
        self.code = code
        self.topology = topology
        self.topologyConf = topologyConf
        self.codeSHA256 = codeSHA256
        self.sha256 = sha256
        self.resources = resources
    }

    /// Whether everything is there, sound or not.
    var isPresent: Bool { (files + [resources].compactMap { $0 }).allSatisfy { SystemFile.exists($0) } }

    var files: [String] { [code, topology, topologyConf].compactMap { $0 } }
}
