/// What a value of the right type must satisfy besides. A plain value, so that a key can describe its own limits.
public enum ConfigRule: Hashable, Sendable {
    case none
    case atLeast(Int)
    case range(ClosedRange<Double>)
    case between(Int, Int)
    /// A number greater than zero, fractions allowed.
    case positive
    case oneOf([String])
    case nonEmpty
    /// An absolute znode path without a trailing slash or empty parts.
    case znodePath
    /// Every number of the list between these two, none twice.
    case distinctPorts

    /// A port number that a peer can connect to.
    public static let port = ConfigRule.between(1, 65535)
    /// A port number, or 0 for "any free one".
    public static let anyPort = ConfigRule.between(0, 65535)

    /// Continues "must be an integer …"; empty without a limit.
    public var phrase: String {
        switch self {
        case .none: ""
        case .atLeast(let least): "of at least \(least)"
        case .range(let range): "from \(ConfigRule.short(range.lowerBound)) to \(ConfigRule.short(range.upperBound))"
        case .between(let low, let high): "from \(low) to \(high)"
        case .positive: "greater than 0"
        case .oneOf(let choices): "out of " + choices.joined(separator: ", ")
        case .nonEmpty: "that is not empty"
        case .znodePath: "that is an absolute znode path such as \"/storm\""
        case .distinctPorts: "that are different port numbers from 1 to 65535"
        }
    }

    func allows(_ value: ConfigValue) -> Bool {
        switch (self, value) {
        case (.none, _): true
        case (.atLeast(let least), .int(let number)): number >= least
        case (.atLeast(let least), .double(let number)): number >= Double(least)
        case (.between(let low, let high), .int(let number)): (low...high).contains(number)
        case (.between(let low, let high), .double(let number)): number >= Double(low) && number <= Double(high)
        case (.range(let range), .int(let number)): range.contains(Double(number))
        case (.range(let range), .double(let number)): range.contains(number)
        case (.positive, .int(let number)): number > 0
        case (.positive, .double(let number)): number > 0
        case (.oneOf(let choices), .string(let text)): choices.contains(text)
        case (.nonEmpty, .string(let text)): !text.isEmpty
        case (.nonEmpty, .list(let items)): !items.isEmpty
        case (.nonEmpty, .map(let entries)): !entries.isEmpty
        case (.znodePath, .string(let text)): Self.isZnodePath(text)
        case (.distinctPorts, .list(let items)):
            Set(items).count == items.count && items.allSatisfy { ConfigRule.port.allows($0) }
        default: false
        }
    }

    private static func isZnodePath(_ text: String) -> Bool {
        if text == "/" { return true }
        guard text.first == "/" else { return false }
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }

    private static func short(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }
}
