import StormCluster
import StormRuntime

/// A group of targets as Prometheus' `http_sd_configs` reads them.
struct DiscoveryGroup: Encodable, Equatable {
    var targets: [String]
    var labels: [String: String]

    /// - Parameter daemon: `nimbus`, `supervisor` or `worker`.
    init(_ daemon: String, _ targets: [String], topology: String? = nil) {
        self.targets = targets
        labels = ["__meta_storm_daemon": daemon]
        labels["__meta_storm_topology"] = topology
    }
}

extension Nimbus {
    /// `/sd`: every page of the cluster that has metrics, for Prometheus. The leader knows them all; the others answer with
    /// an empty list, so that Prometheus can be given all nimbuses and asks none of them in vain.
    func discovery() async -> Page {
        guard isLeading, let cluster = pulse.current.cluster else { return .json([DiscoveryGroup]()) }
        do {
            let nimbuses = try await handler.readable(state.nimbuses).records.values.map(\.record)
            return .json(Self.groups(nimbuses, cluster))
        } catch {
            return .text("ZooKeeper does not say which nimbuses there are: \(error)\n", status: 503)
        }
    }

    /// Without groups that are empty; in a fixed order.
    static func groups(_ nimbuses: [NimbusRecord], _ cluster: ClusterFigures) -> [DiscoveryGroup] {
        func address(_ host: String, _ port: Int) -> String {
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
        var groups = [
            DiscoveryGroup(
                "nimbus", nimbuses.compactMap { record in record.httpPort.map { address(record.host, $0) } }.sorted()),
            DiscoveryGroup("supervisor", cluster.supervisorPages.map { address($0.host, $0.port) }),
        ]
        let workers = Dictionary(grouping: cluster.workers) { $0.topology ?? "" }
        for (topology, places) in workers.sorted(by: { $0.key < $1.key }) {
            groups.append(
                DiscoveryGroup("worker", places.map { address($0.host, $0.port) }.sorted(), topology: topology))
        }
        return groups.filter { !$0.targets.isEmpty }
    }
}
