/// Bolts that need no program of the topology's own: every worker has them, also beside shell components.
package enum ShippedBolt {
    /// Flux's bolt that logs each tuple, by the name of its class there.
    package static let logInfo = "org.apache.storm.flux.wrappers.bolts.LogInfoBolt"

    package static func isOne(_ component: ComponentDescription) -> Bool {
        component.kind == .bolt && component.implementation == logInfo
    }
}
