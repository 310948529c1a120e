internal import Glibc
internal import StormCluster
package import StormRuntime

/// What a supervisor answers on `supervisor.http.port`.
package struct SupervisorPages: PageSource {
    private let supervisor: Supervisor

    package init(_ supervisor: Supervisor) { self.supervisor = supervisor }

    package var titles: [PageTitle] {
        [
            PageTitle("/livez", "whether the process answers"),
            PageTitle("/readyz", "whether it is registered and takes work"),
            PageTitle("/metrics", "for Prometheus"),
        ]
    }

    package func page(_ path: String, query: [String: String]) async -> Page? {
        switch path {
        case "/livez": .text("alive: supervisor \(supervisor.id), process \(getpid())\n")
        case "/readyz": await supervisor.readiness().page
        case "/metrics": await supervisor.metrics()
        default: nil
        }
    }
}

extension Supervisor {
    /// Ready: it is registered in the cluster and knows what it shall run.
    package func readiness() -> Readiness {
        if isEnding { return .notReady("stopping") }
        if isDraining { return .notReady("draining: its slots are being emptied") }
        let traffic = state.store.traffic
        guard traffic.isConnected else { return .notReady("the ZooKeeper session is \(traffic.state.rawValue)") }
        guard registration != nil else { return .notReady("not registered yet") }
        guard isWantedKnown else { return .notReady("its assignments are not known yet") }
        return .ready("registered as \(id)")
    }
}
