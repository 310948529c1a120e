/// Why an archive cannot be used, in words that name the entry and what is wrong with it.
package struct ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
