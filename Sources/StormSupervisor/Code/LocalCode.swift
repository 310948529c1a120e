/// A topology's code on this machine: complete, checked, in place.
package struct LocalCode: Hashable, Sendable, Codable {
    /// Absolute, as are all paths here.
    package var directory: String
    package var code: String
    package var topology: String?
    package var topologyConf: String?
    /// Of the file `code`.
    package var codeSHA256: String

    package init(directory: String, code: String, topology: String?, topologyConf: String?, codeSHA256: String) {
        self.directory = directory
        self.code = code
        self.topology = topology
        self.topologyConf = topologyConf
        self.codeSHA256 = codeSHA256
    }
}
