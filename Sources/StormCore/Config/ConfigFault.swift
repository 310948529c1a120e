/// One reason why a configuration cannot be used. The text names place, key, value and what would be right.
public struct ConfigFault: Hashable, Sendable, CustomStringConvertible {
    public enum Problem: Hashable, Sendable {
        /// A known key with a value of the wrong type or out of its limits; the text continues "must be …".
        case badValue(printed: String, kind: String, expected: String)
        /// A key twice in one source; the other place is where it stood first.
        case duplicate(first: ConfigOrigin)
        /// A source that cannot be read at all; the text says what and what to do.
        case unreadable(String)
    }

    /// Empty when the fault is not about one key.
    public let key: String
    public let problem: Problem
    /// Nil when the text itself says where.
    public let origin: ConfigOrigin?

    public init(key: String, _ problem: Problem, at origin: ConfigOrigin?) {
        self.key = key
        self.problem = problem
        self.origin = origin
    }

    public var description: String {
        let place = origin.map { "\($0): " } ?? ""
        switch problem {
        case .badValue(let printed, let kind, let expected):
            return "\(place)\(key) is \(printed) (\(kind)) but must be \(expected)"
        case .duplicate(let first):
            return "\(place)\(key) is set a second time; it is set already at \(first): keep one of the two"
        case .unreadable(let text):
            return place + text
        }
    }
}

/// All faults of a configuration at once, in the order of their sources.
public struct ConfigFaults: Error, Hashable, Sendable, CustomStringConvertible {
    public let faults: [ConfigFault]

    public init(_ faults: [ConfigFault]) { self.faults = faults }

    /// One line per fault.
    public var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// Something about a configuration that its owner should know and that does not stop the start.
public struct ConfigNotice: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// Passed on to components, as in Storm.
        case unknownKey(suggestion: String?)
        /// Unknown, and begins like the system's own keys: most likely a typing error.
        case unknownSystemKey(suggestion: String?)
        case withoutMeaning(reason: String)
        /// A key that would protect the cluster in Storm, and does not here.
        case withoutProtection(reason: String)
        /// A place that was named holds no configuration; the text says which.
        case nothingRead(String)
    }

    public let key: String
    public let kind: Kind
    public let origin: ConfigOrigin

    public init(key: String, _ kind: Kind, at origin: ConfigOrigin) {
        self.key = key
        self.kind = kind
        self.origin = origin
    }

    /// Whether this is worth a warning; the others are information.
    public var isWarning: Bool {
        if case .withoutMeaning = kind { return false }
        return true
    }

    public var description: String {
        switch kind {
        case .unknownKey(let suggestion):
            "\(origin): unknown key \(key)\(Self.hint(suggestion)); it is passed on to components as it is"
        case .unknownSystemKey(let suggestion):
            "\(origin): UNKNOWN KEY \(key)\(Self.hint(suggestion)); it has no effect on the system"
        case .withoutMeaning(let reason):
            "\(origin): \(key) has no meaning here: \(reason)"
        case .withoutProtection(let reason):
            "\(origin): \(key) PROTECTS NOTHING here: \(reason)"
        case .nothingRead(let text):
            "\(origin): \(text)"
        }
    }

    private static func hint(_ suggestion: String?) -> String {
        suggestion.map { " (did you mean \($0)?)" } ?? ""
    }
}
