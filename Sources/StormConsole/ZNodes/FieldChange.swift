package import StormCore

/// A field of a JSON document that differs between two versions. Pure.
package struct FieldChange: Hashable, Sendable, Encodable {
    /// `workers[0].executors`; empty for the document as a whole.
    package let field: String
    /// Nil: it was not there.
    package let before: ConfigValue?
    /// Nil: it is there no more.
    package let after: ConfigValue?

    package init(field: String, before: ConfigValue?, after: ConfigValue?) {
        self.field = field
        self.before = before
        self.after = after
    }

    /// More are left out.
    package static let changesMax = 64

    /// Deepest fields that differ, in the order of their names.
    package static func between(_ before: ConfigValue, _ after: ConfigValue) -> [FieldChange] {
        var changes: [FieldChange] = []
        add(before, after, "", &changes)
        return Array(changes.prefix(changesMax))
    }

    private static func add(
        _ before: ConfigValue?, _ after: ConfigValue?, _ field: String, _ changes: inout [FieldChange]
    ) {
        switch (before, after) {
        case (let before, let after) where before == after: break
        case (.map(let old), .map(let new)):
            for key in Set(old.keys).union(new.keys).sorted() {
                add(old[key], new[key], field.isEmpty ? key : "\(field).\(key)", &changes)
            }
        case (.list(let old), .list(let new)):
            // Without the type a bare nil would be the value null.
            func item(_ list: [ConfigValue], _ index: Int) -> ConfigValue? {
                list.indices.contains(index) ? .some(list[index]) : .none
            }
            for index in 0..<max(old.count, new.count) {
                add(item(old, index), item(new, index), "\(field)[\(index)]", &changes)
            }
        default: changes.append(FieldChange(field: field, before: before, after: after))
        }
    }

    /// `generation: 1 -> 2`
    package var text: String {
        let name = field.isEmpty ? "" : field + ": "
        switch (before, after) {
        case (nil, let after?): return "\(name)+ \(after)"
        case (let before?, nil): return "\(name)- \(before)"
        default: return "\(name)\(before ?? .null) -> \(after ?? .null)"
        }
    }
}
