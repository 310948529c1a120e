/// Where a value was set.
public enum ConfigOrigin: Hashable, Sendable, CustomStringConvertible {
    case builtIn
    /// Lines and columns count from 1.
    case file(path: String, line: Int)
    case environment(variable: String)
    case commandLine(option: String)
    /// Stored at submit with a topology, or set by a program; the text says which.
    case program(String)

    public var description: String {
        switch self {
        case .builtIn: "built-in default"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let variable): "environment variable \(variable)"
        case .commandLine(let option): "command line, \(option)"
        case .program(let text): text
        }
    }
}

/// One key set to one value in one place.
public struct ConfigSetting: Hashable, Sendable {
    public let name: String
    public let value: ConfigValue
    public let origin: ConfigOrigin

    public init(_ name: String, _ value: ConfigValue, from origin: ConfigOrigin) {
        self.name = name
        self.value = value
        self.origin = origin
    }
}

/// What one source sets, in its own order. Later layers win over earlier ones, key by key.
public struct ConfigLayer: Hashable, Sendable {
    public var settings: [ConfigSetting]

    public init(_ settings: [ConfigSetting] = []) { self.settings = settings }

    /// All of `values` from one origin, in the order of their names.
    public init(_ values: [String: ConfigValue], from origin: ConfigOrigin) {
        settings = values.sorted { $0.key < $1.key }.map { ConfigSetting($0.key, $0.value, from: origin) }
    }
}
