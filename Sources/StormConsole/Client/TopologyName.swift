/// Names that a topology may have.
package enum TopologyName {
    /// Storm's rule: at least one character, and none of `/ . : \`.
    package static func isValid(_ name: String) -> Bool {
        !name.isEmpty && !name.contains { "/.:\\".contains($0) }
    }

    /// - Throws: what is wrong with the name.
    package static func check(_ name: String) throws(CommandFailure) {
        guard isValid(name) else {
            throw CommandFailure(
                "\"\(name)\" is no topology name: a name has at least one character and none of / . : \\")
        }
    }
}
