import StormCluster
import StormCore
import StormSupervisor
import Testing

struct RemovalWatchTests {
    @Test
    func topologyIsGoneOnceItHasBeenMissingLongEnough() {
        var watch = RemovalWatch(settle: .seconds(1))
        var look = watch.look(missing: ["a"], now: .seconds(10))
        #expect(look.kept == ["a"] && look.lookAgainAt == .seconds(11))
        look = watch.look(missing: ["a", "b"], now: .milliseconds(10_900))
        #expect(look.kept == ["a", "b"] && look.lookAgainAt == .seconds(11))
        look = watch.look(missing: ["a", "b"], now: .seconds(11))
        #expect(look.kept == ["b"])
    }

    @Test
    func topologyThatComesBackStartsAnew() {
        var watch = RemovalWatch(settle: .seconds(1))
        _ = watch.look(missing: ["a"], now: .zero)
        _ = watch.look(missing: [], now: .milliseconds(500))
        var look = watch.look(missing: ["a"], now: .milliseconds(1200))
        #expect(look.kept == ["a"])
        watch.forget()
        look = watch.look(missing: ["a"], now: .milliseconds(2300))
        #expect(look.kept == ["a"])
    }
}

struct ClusterWishTests {
    private let current = [
        6700: WantedWorker(topologyID: "t", codeSHA256: "x", executors: ExecutorList([]), incarnation: 1)
    ]

    private func snapshot(_ root: String, _ children: [String], hasRoot: Bool = true) -> SubtreeSnapshot {
        var nodes: [String: VersionedData] = hasRoot ? [root: VersionedData(bytes: [], version: 0)] : [:]
        for child in children { nodes["\(root)/\(child)"] = VersionedData(bytes: Array("{}".utf8), version: 0) }
        return SubtreeSnapshot(root: root, nodes: nodes)
    }

    private func read(_ assignments: SubtreeSnapshot, _ storms: SubtreeSnapshot) -> ClusterWish? {
        ClusterWish.read(
            assignments: assignments, storms: storms, supervisorID: "me", ports: [6700], current: current)
    }

    @Test
    func storeWithoutEitherFolderSaysNothing() {
        let assignments = snapshot(ClusterPaths.assignments, [])
        let storms = snapshot(ClusterPaths.storms, [])
        #expect(read(assignments, snapshot(ClusterPaths.storms, [], hasRoot: false)) == nil)
        #expect(read(snapshot(ClusterPaths.assignments, [], hasRoot: false), storms) == nil)
        let wish = read(assignments, storms)
        #expect(wish?.missing == ["t"] && wish?.local.wanted == [:])
    }

    @Test
    func topologyThatOnlySeemsToBeGoneKeepsItsPorts() throws {
        var wish = try #require(read(snapshot(ClusterPaths.assignments, []), snapshot(ClusterPaths.storms, ["u"])))
        wish.keep(["t"], of: current)
        #expect(wish.local.wanted == current)
        #expect(wish.local.topologies == ["t"])
        let other = WantedWorker(topologyID: "u", codeSHA256: "y", executors: ExecutorList([]), incarnation: 1)
        wish.local.wanted = [6700: other]
        wish.keep(["t"], of: current)
        #expect(wish.local.wanted == [6700: other])
    }
}
