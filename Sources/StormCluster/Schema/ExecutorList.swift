package import StormCore

/// Executors in compact form: comma-separated, each the range of its tasks: "1-4,7" is an executor with tasks 1 to 4
/// and one with task 7. Three or more of one size at equal distances are written as the first and the last one and the
/// distance: "7..27/10" is 7, 17 and 27, "1-2..9-10/4" is 1-2, 5-6 and 9-10. (Executors are dealt to workers in turn, so
/// that is what most lists are.) Sorted when written; any order is read.
package struct ExecutorList: Hashable, Sendable, Codable, CustomStringConvertible {
    /// For people.
    static let form = "its executors by their tasks: `1-4,7`; `7..27/10` is 7, 17 and 27"
    /// More than any topology has: the bound for a text that somebody made up.
    private static let countMax = 1 << 20

    package let executors: [ExecutorRange]

    package init(_ executors: [ExecutorRange]) { self.executors = executors.sorted() }

    /// Nil for a text that is not of this form, an empty range included.
    package init?(_ text: String) {
        var found: [ExecutorRange] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: true) {
            guard let dots = item.firstRange(of: "..") else {
                guard let range = Self.range(item) else { return nil }
                found.append(range)
                continue
            }
            let ends = item[dots.upperBound...].split(separator: "/", omittingEmptySubsequences: false)
            guard ends.count == 2, let first = Self.range(item[..<dots.lowerBound]), let last = Self.range(ends[0]),
                let step = Int32(ends[1]), let run = Self.run(first, last, step),
                found.count + run.count <= Self.countMax
            else { return nil }
            found += run
        }
        self.init(found)
    }

    private static func range(_ item: Substring) -> ExecutorRange? {
        let ends = item.split(separator: "-", omittingEmptySubsequences: false).map { Int32($0) }
        guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first >= 1, first <= last
        else { return nil }
        return ExecutorRange(TaskID(first), TaskID(last))
    }

    /// Nil when `last` is not some steps after `first`, or the steps would overlap.
    private static func run(_ first: ExecutorRange, _ last: ExecutorRange, _ step: Int32) -> [ExecutorRange]? {
        let width = size(first)
        let distance = last.first.rawValue - first.first.rawValue
        guard size(last) == width, step > width, distance > 0, distance % step == 0, Int(distance / step) < countMax
        else { return nil }
        return stride(from: first.first.rawValue, through: last.first.rawValue, by: Int(step)).map {
            ExecutorRange(TaskID($0), TaskID($0 + width))
        }
    }

    /// Tasks after the first one.
    private static func size(_ range: ExecutorRange) -> Int32 { range.last.rawValue - range.first.rawValue }

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
        var items: [String] = []
        var index = 0
        while index < executors.count {
            let count = runLength(at: index)
            let first = executors[index]
            if count >= 3 {
                let step = executors[index + 1].first.rawValue - first.first.rawValue
                items.append("\(Self.text(first))..\(Self.text(executors[index + count - 1]))/\(step)")
                index += count
            } else {
                items.append(Self.text(first))
                index += 1
            }
        }
        return items.joined(separator: ",")
    }

    private static func text(_ range: ExecutorRange) -> String {
        range.first == range.last ? "\(range.first)" : "\(range.first)-\(range.last)"
    }

    /// How many executors from here on can be written as one; at least 1.
    private func runLength(at index: Int) -> Int {
        guard index + 1 < executors.count else { return 1 }
        let step = executors[index + 1].first.rawValue - executors[index].first.rawValue
        let width = Self.size(executors[index])
        guard step > width else { return 1 }
        var next = index + 1
        while next < executors.count, Self.size(executors[next]) == width,
            executors[next].first.rawValue - executors[next - 1].first.rawValue == step
        { next += 1 }
        return next - index
    }
}
