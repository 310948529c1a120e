package import StormCore

extension TopologyName {
    /// - Throws: what is wrong with the name.
    package static func check(_ name: String) throws(CommandFailure) {
        if let fault = fault(name) { throw CommandFailure(fault) }
    }
}
