public import StormCore

/// A topology that can run: its description, and the code that makes its components.
public struct Topology: Sendable {
    public let description: TopologyDescription
    /// What `build` set for the topology as a whole; `-c` has the last word.
    public let configuration: [String: ConfigValue]
    package let factories: [String: ComponentFactory]
    package let customGroupings: [CustomGroupingKey: @Sendable () -> any CustomGrouping]
    package let workerHooks: [any WorkerHook]
}

/// Which input a custom grouping belongs to.
package struct CustomGroupingKey: Hashable, Sendable {
    package let component: String
    package let source: GlobalStreamID

    package init(component: String, source: GlobalStreamID) {
        self.component = component
        self.source = source
    }
}
