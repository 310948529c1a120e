/// What values a key takes, independent of Swift types: the second column of the key table.
public enum ConfigType: String, Hashable, Sendable {
    case bool, int, number, string
    case stringList, intList, list
    case map, mapList
    /// One string or a list of strings; a single string reads as a list of one.
    case stringOrList
    case listOrMap
    case any

    /// For "must be …": with article.
    public var phrase: String {
        switch self {
        case .bool: "true or false"
        case .int: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .stringList: "a list of strings"
        case .intList: "a list of integers"
        case .list: "a list"
        case .map: "a map"
        case .mapList: "a list of maps"
        case .stringOrList: "a string or a list of strings"
        case .listOrMap: "a list or a map"
        case .any: "any value"
        }
    }

    /// `value` in this type's usual form, or nil if it is not of this type. A number without a fraction is an integer
    /// even when written `30.0`, as in Storm's own checks.
    func normalized(_ value: ConfigValue) -> ConfigValue? {
        switch (self, value) {
        case (.any, _), (.bool, .bool), (.int, .int), (.number, .int), (.string, .string), (.list, .list),
            (.map, .map), (.listOrMap, .list), (.listOrMap, .map):
            value
        case (.number, .double(let number)): number.isFinite ? value : nil
        case (.int, .double(let number)): Int(exactly: number).map { .int($0) }
        case (.stringOrList, .string): .list([value])
        case (.stringList, .list(let items)), (.stringOrList, .list(let items)):
            Self.every(items, is: .string)
        case (.intList, .list(let items)): Self.every(items, is: .int)
        case (.mapList, .list(let items)): Self.every(items, is: .map)
        default: nil
        }
    }

    private static func every(_ items: [ConfigValue], is type: ConfigType) -> ConfigValue? {
        var out: [ConfigValue] = []
        for item in items {
            guard let item = type.normalized(item) else { return nil }
            out.append(item)
        }
        return .list(out)
    }
}

/// The unit of a numeric key: Storm's key names carry it only sometimes.
public enum ConfigUnit: String, Hashable, Sendable {
    case seconds, milliseconds, microseconds, minutes, hours
    case bytes, megabytes
    case percent

    /// How long `amount` of this unit is; nil for units that measure no time.
    public func duration(_ amount: Double) -> Duration? {
        switch self {
        case .seconds: .seconds(amount)
        case .milliseconds: .milliseconds(amount)
        case .microseconds: .microseconds(amount)
        case .minutes: .seconds(amount * 60)
        case .hours: .seconds(amount * 3600)
        case .bytes, .megabytes, .percent: nil
        }
    }
}
