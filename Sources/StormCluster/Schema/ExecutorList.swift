package import StormCore

/// Executors in compact form: comma-separated, each the range of its tasks: "1-4,7" is an executor with tasks 1 to 4
/// and one with task 7. Sorted when written; any order is read.
package struct ExecutorList: Hashable, Sendable, Codable, CustomStringConvertible {
    package let executors: [ExecutorRange]

    package init(_ executors: [ExecutorRange]) { self.executors = executors.sorted() }

    /// Nil for a text that is not of this form, an empty range included.
    package init?(_ text: String) {
        var found: [ExecutorRange] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: true) {
            let ends = item.split(separator: "-", omittingEmptySubsequences: false).map { Int32($0) }
            guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first >= 1, first <= last
            else {
                return nil
            }
            found.append(ExecutorRange(TaskID(first), TaskID(last)))
        }
        self.init(found)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let list = ExecutorList(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no list of executors")
        }
        self = list
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package var description: String {
        executors.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }.joined(separator: ",")
    }
}
