package import StormRuntime

/// What a nimbus answers on `nimbus.http.port`.
package struct NimbusPages: PageSource {
    private let nimbus: Nimbus

    package init(_ nimbus: Nimbus) { self.nimbus = nimbus }

    package var titles: [PageTitle] {
        [
            PageTitle("/livez", "whether the process answers"),
            PageTitle("/readyz", "whether it has ZooKeeper, and there is a leader"),
            PageTitle("/metrics", "for Prometheus"),
            PageTitle("/sd", "where all metrics of the cluster are, for Prometheus' http_sd_configs"),
        ]
    }

    package func page(_ path: String, query: [String: String]) async -> Page? {
        switch path {
        case "/livez": .text("alive: nimbus \(nimbus.configuration.host), process \(nimbus.configuration.pid)\n")
        case "/readyz": await nimbus.readiness().page
        case "/metrics": await nimbus.metrics()
        case "/sd": await nimbus.discovery()
        default: nil
        }
    }
}
