import Logging
package import StormCore

/// Logs each tuple at level info, and acks it: `LogInfoBolt` of Storm's Flux.
final class LogInfoBolt: BasicBolt {
    private var logger: Logger?

    func prepare(_ context: TaskContext) throws { logger = context.logger }

    func execute(_ tuple: Tuple, _ out: BasicCollector) throws { logger?.info("\(tuple)") }
}

extension TopologyBuilder {
    /// Adds a bolt that logs what comes.
    package func logInfoBolt(_ id: String, parallelism: Int) -> BoltDeclarer {
        let index = add(
            id, .bolt, ShippedBolt.logInfo, parallelism, [], spout: nil, bolt: { BoltInstance(basic: LogInfoBolt()) })
        return BoltDeclarer(ComponentDeclarer(self, index))
    }

    /// Adds a bolt of the system's own that is described already.
    /// - Returns: whether it is one (`ShippedBolt`).
    package func addShipped(_ component: ComponentDescription) -> Bool {
        guard ShippedBolt.isOne(component) else { return false }
        add(component, .bolt { BoltInstance(basic: LogInfoBolt()) })
        return true
    }
}
