import StormCluster
import StormClusterZooKeeper
import Testing
import ZooKeeper

@Suite struct TrafficTests {
    @Test func bothModulesCountIntoTheSameBuckets() {
        let bounds = ClientTraffic.latencyBounds.map { bound in
            let (seconds, attoseconds) = bound.components
            return Double(seconds) + Double(attoseconds) * 1e-18
        }
        #expect(bounds.count == CoordinationTraffic.latencyBounds.count)
        for (one, other) in zip(bounds, CoordinationTraffic.latencyBounds) { #expect(abs(one - other) < 1e-9) }
    }
}
