import Testing

@testable import ZooKeeper

@Suite struct ZNodePathTests {
    @Test(arguments: ["/", "/a", "/a/b", "/a.b/..c", "/ä"]) func legalPathsHaveNoFault(_ path: String) {
        #expect(ZNodePath.fault(in: path) == nil)
    }

    @Test(arguments: ["", "a", "/a/", "//", "/a//b", "/./a", "/a/..", "/a\u{0}", "/a\u{7F}b"])
    func illegalPathsHaveAFault(_ path: String) { #expect(ZNodePath.fault(in: path) != nil) }

    @Test func pathArithmetic() {
        #expect(ZNodePath.join("/", "a") == "/a")
        #expect(ZNodePath.join("/a", "b") == "/a/b")
        #expect(ZNodePath.parent(of: "/a/b") == "/a")
        #expect(ZNodePath.parent(of: "/a") == "/")
        #expect(ZNodePath.parent(of: "/") == nil)
        #expect(ZNodePath.name(of: "/a/b") == "b")
        #expect(ZNodePath.depth(of: "/a/b", below: "/a") == 1)
        #expect(ZNodePath.depth(of: "/a", below: "/") == 1)
        #expect(ZNodePath.depth(of: "/", below: "/") == 0)
        #expect(ZNodePath.sequence(of: "latch-0000000012") == 12)
        #expect(ZNodePath.sequence(of: "latch") == nil)
        #expect(!ZNodePath.isInside("/ab", root: "/a"))
    }

    @Test func chrootMapsBothWays() {
        let chroot = Chroot("/storm")
        #expect(chroot.absolute("/") == "/storm")
        #expect(chroot.absolute("/a") == "/storm/a")
        #expect(chroot.relative("/storm") == "/")
        #expect(chroot.relative("/storm/a") == "/a")
        #expect(Chroot("/").relative("/a") == "/a")
    }

    @Test func backoffGrowsToItsCapWithinItsJitter() {
        let backoff = Backoff(first: .milliseconds(100), max: .seconds(5))
        #expect(backoff.delay(attempt: 0, random: 0) == .milliseconds(50))
        #expect(backoff.delay(attempt: 3, random: 0) == .milliseconds(400))
        #expect(backoff.delay(attempt: 1000, random: 0) == .milliseconds(2500))
    }

    @Test func faultyConfigurationIsRefusedWithAllItsFaults() {
        var configuration = ZooKeeperConfiguration(servers: ["nowhere", "h:0", "[::1]:2181"])
        configuration.chroot = "storm/"
        configuration.inFlightMax = 0
        #expect(configuration.faults.count == 4)
    }

    @Test func credentialsPrintMasked() {
        #expect("\(ZooKeeperAuthentication.digest(user: "u", password: "secret"))" == "digest:***")
    }
}

@Suite struct CallQueueTests {
    final class Item: Sendable {}

    @Test func slotsAndLineAreBounded() {
        var queue = CallQueue<Item>(inFlightMax: 2, waitingMax: 3)
        let items = (0..<6).map { _ in Item() }
        let admissions = items.map { queue.admit($0, isConnected: true) }
        #expect(admissions == [.send, .send, .wait, .wait, .wait, .reject])
        #expect(queue.next() == nil)
        queue.slotFreed()
        #expect(queue.next() === items[2])
        #expect(queue.inFlight == 2)
    }

    @Test func newCallsDoNotOvertakeWaitingOnes() {
        var queue = CallQueue<Item>(inFlightMax: 2, waitingMax: 3)
        let (a, b) = (Item(), Item())
        #expect(queue.admit(a, isConnected: false) == .wait)
        #expect(queue.admit(b, isConnected: true) == .wait)
        #expect(queue.next() === a)
        #expect(queue.next() === b)
    }

    @Test func orderHoldsOverThousandsOfCalls() {
        var queue = CallQueue<Item>(inFlightMax: 1, waitingMax: 5000)
        let items = (0..<5000).map { _ in Item() }
        for item in items { _ = queue.admit(item, isConnected: false) }
        for item in items {
            #expect(queue.next() === item)
            queue.slotFreed()
        }
        #expect(queue.waitingCount == 0)
    }
}

@Suite struct WatchTableTests {
    let key = WatchKey(path: "/a", kind: .data)

    @Test func watchIsRemovedFromTheServerWithItsLastWaiter() {
        var table = WatchTable()
        let (a, b) = (WatchWaiter { _ in }, WatchWaiter { _ in })
        for waiter in [a, b] {
            table.willSet(key)
            #expect(table.wasSet(key, waiter) == false)
        }
        #expect(table.count == 1)
        #expect(table.cancel(key, a) == false)
        #expect(table.cancel(key, b) == true)
        #expect(table.count == 0)
    }

    @Test func watchIsKeptWhileAReadThatSetsItIsUnderWay() {
        var table = WatchTable()
        let (a, b) = (WatchWaiter { _ in }, WatchWaiter { _ in })
        table.willSet(key)
        _ = table.wasSet(key, a)
        table.willSet(key)
        #expect(table.cancel(key, a) == false, "the second read relies on it")
        #expect(table.wasSet(key, b) == false)
        #expect(table.fire(key).count == 1)
        #expect(table.count == 0)
    }

    @Test func answerNobodyWaitsForRemovesItsWatch() {
        var table = WatchTable()
        table.willSet(key)
        #expect(table.wasSet(key, nil) == true)
        table.willSet(key)
        #expect(table.wasNotSet(key) == false, "nothing was set")
    }

    @Test func eventBetweenTwoAnswersReachesOnlyTheFirst() {
        var table = WatchTable()
        let (a, b) = (WatchWaiter { _ in }, WatchWaiter { _ in })
        table.willSet(key)
        _ = table.wasSet(key, a)
        table.willSet(key)
        #expect(table.fire(key).first === a)
        _ = table.wasSet(key, b)
        #expect(table.fire(key).first === b)
    }

    @Test func drainTakesEverybody() {
        var table = WatchTable()
        for index in 0..<10 {
            let key = WatchKey(path: "/\(index)", kind: .children)
            table.willSet(key)
            _ = table.wasSet(key, WatchWaiter { _ in })
        }
        #expect(table.drain().count == 10)
        #expect(table.count == 0)
    }
}

@Suite struct CachedTreeStateTests {
    typealias Part = CachedTreeState.Part

    func node(_ text: String) -> NodeContents { NodeContents(data: text.bytes, stat: NodeStat()) }

    /// Answers all reads from `world` until nothing is left to read; returns how many there were.
    @discardableResult
    func settle(_ tree: inout CachedTreeState, _ world: [String: String]) -> Int {
        var reads = 0
        while let part = tree.next() {
            reads += 1
            guard let text = world[part.path] else {
                _ = tree.missing(part)
                continue
            }
            switch part.kind {
            case .data: _ = tree.read(part.path, node(text))
            case .children:
                let names = world.keys.filter { $0 != "/" && ZNodePath.parent(of: $0) == part.path }
                _ = tree.read(part.path, children: names.map(ZNodePath.name(of:)))
            }
        }
        return reads
    }

    @Test func readsDownToItsDepth() {
        var tree = CachedTreeState(root: "/r", depth: 1)
        settle(&tree, ["/r": "0", "/r/a": "1", "/r/a/x": "2", "/q": "3"])
        #expect(Set(tree.nodes.keys) == ["/r", "/r/a"])
        #expect(tree.isCurrent)
    }

    @Test func missingRootIsEmptyAndComesLater() {
        var tree = CachedTreeState(root: "/r", depth: 2)
        settle(&tree, [:])
        #expect(tree.nodes.isEmpty && tree.isCurrent)
        tree.changed(Part(path: "/r", kind: .data))
        settle(&tree, ["/r": "0", "/r/a": "1", "/r/a/b": "2"])
        #expect(tree.nodes.count == 3)
        tree.changed(Part(path: "/r", kind: .data))
        settle(&tree, [:])
        #expect(tree.nodes.isEmpty && tree.isCurrent)
    }

    @Test func stormOfEventsIsOneRead() {
        var tree = CachedTreeState(root: "/r", depth: 0)
        settle(&tree, ["/r": "0"])
        for _ in 0..<10_000 { tree.changed(Part(path: "/r", kind: .data)) }
        #expect(settle(&tree, ["/r": "1"]) == 1)
    }

    @Test func eventDuringAReadCausesAnother() {
        var tree = CachedTreeState(root: "/r", depth: 0)
        guard let part = tree.next() else { return }
        tree.changed(part)
        #expect(tree.next() == nil, "never two reads of a part at once")
        _ = tree.read("/r", node("old"))
        #expect(!tree.isCurrent)
        settle(&tree, ["/r": "new"])
        #expect(tree.nodes["/r"]?.text == "new")
    }

    @Test func goneChildrenAreDroppedWithTheirWatches() {
        var tree = CachedTreeState(root: "/r", depth: 2)
        settle(&tree, ["/r": "", "/r/a": "", "/r/a/b": ""])
        tree.changed(Part(path: "/r", kind: .children))
        guard let part = tree.next() else { return }
        let effect = tree.read(part.path, children: [])
        #expect(effect.isChanged)
        #expect(Set(effect.dropped.map(\.path)) == ["/r/a", "/r/a/b"])
        #expect(Set(tree.nodes.keys) == ["/r"])
    }

    /// Random worlds change under random reads; when all events are in and read, the copy equals the world.
    @Test(arguments: 0..<2000) func convergesToTheWorldWhateverTheOrder(_ seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        func pick(_ count: Int) -> Int { Int(random.nextUnit() * Double(count)) }
        let paths = ["/r", "/r/a", "/r/b", "/r/a/x", "/r/a/y", "/r/b/x"]
        var world: [String: String] = [:]
        var watched: Set<Part> = []
        var tree = CachedTreeState(root: "/r", depth: 2)
        func fire(_ path: String, _ kind: WatchKind) {
            let part = Part(path: path, kind: kind)
            if watched.remove(part) != nil { tree.changed(part) }
        }
        func mutate() {
            let path = paths[pick(paths.count)]
            let parent = ZNodePath.parent(of: path) ?? "/"
            if world[path] != nil, pick(3) == 0 {
                for gone in world.keys.filter({ ZNodePath.isInside($0, root: path) }) {
                    world[gone] = nil
                    fire(gone, .data)
                    fire(gone, .children)
                    fire(ZNodePath.parent(of: gone) ?? "/", .children)
                }
            } else if world[path] != nil {
                world[path] = "\(pick(1000))"
                fire(path, .data)
            } else if parent == "/" || world[parent] != nil {
                world[path] = "\(pick(1000))"
                fire(path, .data)
                fire(parent, .children)
            }
        }
        var reading: [(part: Part, answer: String?, names: [String])] = []
        func ask() {
            guard let part = tree.next() else { return }
            // The server answers now; the answer arrives later.
            let names = world.keys.filter { ZNodePath.parent(of: $0) == part.path }.map(ZNodePath.name(of:))
            if world[part.path] != nil || (part.path == "/r" && part.kind == .data) { watched.insert(part) }
            reading.append((part, world[part.path], names))
        }
        func answer() {
            guard !reading.isEmpty else { return }
            let (part, text, names) = reading.remove(at: pick(reading.count))
            let effect: CachedTreeState.Effect
            if let text {
                effect = part.kind == .data ? tree.read(part.path, node(text)) : tree.read(part.path, children: names)
            } else {
                effect = tree.missing(part)
            }
            for dropped in effect.dropped { watched.remove(dropped) }
        }
        for _ in 0..<200 {
            switch pick(3) {
            case 0: mutate()
            case 1: ask()
            default: answer()
            }
        }
        for _ in 0..<1000 {
            ask()
            answer()
        }
        #expect(tree.isCurrent, "seed \(seed)")
        #expect(tree.nodes.mapValues(\.text) == world, "seed \(seed)")
    }
}
