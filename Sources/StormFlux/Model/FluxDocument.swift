package import StormCore

/// What a YAML file says, before it is checked as a whole. With its includes merged in, it is what a topology is made of.
package struct FluxDocument: Sendable {
    package var name: FluxText?
    /// In the order of the file; each key once.
    package var config: [FluxSetting] = []
    package var components: [FluxObject] = []
    package var spouts: [FluxVertex] = []
    package var bolts: [FluxVertex] = []
    package var streams: [FluxStream] = []
    package var workerHooks: [FluxObject] = []
    var includes: [FluxInclude] = []
    /// Whether the file has the section, right or wrong.
    var hasName = false
    var hasSpouts = false
    /// Of the document's beginning, for what is missing.
    var place: FluxPlace
}

/// A text and where it stands.
package struct FluxText: Hashable, Sendable {
    package let text: String
    package let place: FluxPlace
}

/// One entry of a `config` map.
package struct FluxSetting: Hashable, Sendable {
    package let key: String
    package let value: ConfigValue
    package let place: FluxPlace
}

/// An argument: a plain value, or components that stand further up.
package enum FluxValue: Hashable, Sendable {
    case value(ConfigValue)
    case reference(String)
    case references([String])

    /// The components it names.
    var names: [String] {
        switch self {
        case .value: []
        case .reference(let name): [name]
        case .references(let names): names
        }
    }
}

/// An argument of `constructorArgs`, `properties` or a method.
package struct FluxArgumentText: Hashable, Sendable {
    package let value: FluxValue
    package let place: FluxPlace
    /// Path of its key.
    package let path: String
}

/// Something that is made from a class or, here, a registered name.
package struct FluxObject: Hashable, Sendable {
    package var id: String
    package var className: String
    package var constructorArgs: [FluxArgumentText] = []
    package var properties: [FluxProperty] = []
    package var configMethods: [FluxMethod] = []
    package var place: FluxPlace
    /// Path of its own key, such as `bolts[1]`.
    package var path: String
}

package struct FluxProperty: Hashable, Sendable {
    package let name: String
    package let argument: FluxArgumentText
}

package struct FluxMethod: Hashable, Sendable {
    package let name: String
    package let arguments: [FluxArgumentText]
    package let place: FluxPlace
    package let path: String
}

/// A spout or bolt.
package struct FluxVertex: Hashable, Sendable {
    package var object: FluxObject
    /// Executors, at least 1.
    package var parallelism = 1
    /// Nil: as many as executors.
    package var tasks: Int?
    package var config: [FluxSetting] = []

    package var id: String { object.id }
}

package struct FluxStream: Hashable, Sendable {
    /// A label for people.
    package var name: String?
    package var from: String
    package var to: String
    package var grouping: FluxGrouping
    package var place: FluxPlace
    package var path: String
}

package struct FluxGrouping: Hashable, Sendable {
    /// Flux's names; compared exactly, as there.
    package enum Kind: String, CaseIterable, Sendable {
        case shuffle = "SHUFFLE"
        case localOrShuffle = "LOCAL_OR_SHUFFLE"
        case fields = "FIELDS"
        case all = "ALL"
        case global = "GLOBAL"
        case none = "NONE"
        case direct = "DIRECT"
        case custom = "CUSTOM"
    }

    package var kind: Kind
    /// Fields, for `FIELDS`.
    package var fields: [String] = []
    /// Nil: the default stream.
    package var stream: String?
    /// For `CUSTOM`.
    package var custom: FluxObject?
    /// Of its keys; that of the grouping itself for those that are not there.
    package var typePlace: FluxPlace
    package var argsPlace: FluxPlace
    package var streamPlace: FluxPlace
}

struct FluxInclude: Sendable {
    var file: String
    var isResource: Bool
    var overrides: Bool
    var place: FluxPlace
    var path: String
}
