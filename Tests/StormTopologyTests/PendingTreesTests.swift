import StormCore
import StormTopology
import Testing

/// What `PendingTrees` promises, with a dictionary.
private struct NaiveTrees {
    struct Tree {
        var id: MessageID
        var started: Int64
        var deadline: Int64
        /// Order of the last insert or extend.
        var order: Int
    }

    var trees: [UInt64: Tree] = [:]
    private var order = 0

    mutating func insert(_ root: UInt64, _ id: MessageID, now: Int64, deadline: Int64) {
        order += 1
        trees[root] = Tree(id: id, started: now, deadline: deadline, order: order)
    }

    mutating func extend(_ root: UInt64, deadline: Int64) {
        order += 1
        trees[root]?.deadline = deadline
        trees[root]?.order = order
    }

    var oldest: (root: UInt64, tree: Tree)? {
        trees.min { $0.value.order < $1.value.order }.map { ($0.key, $0.value) }
    }
}

@Suite struct PendingTreesTests {
    @Test(arguments: UInt64(0)..<40)
    func theyDoWhatADictionaryWould(_ seed: UInt64) {
        var random = FastRandom(seed: seed)
        var trees = PendingTrees(
            task: TaskID(Int(seed) * 800 + 1), generation: UInt32(truncatingIfNeeded: random.next()))
        var naive = NaiveTrees()
        var dead: [UInt64] = []
        var now: Int64 = 0
        let timeout: Int64 = 1_000
        for step in 0..<3_000 {
            let place: Comment = "seed \(seed), step \(step)"
            now += Int64.random(in: 0...30, using: &random)
            let live = naive.trees.keys.sorted().randomElement(using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                let root = trees.insert(.int(step), now: now, deadline: now + timeout)
                #expect(naive.trees[root] == nil, place)
                #expect(root >> 49 == seed * 800 + 1, place)
                naive.insert(root, .int(step), now: now, deadline: now + timeout)
            case 4, 5:
                guard let live else { continue }
                let removed = trees.remove(live)
                let expected = naive.trees.removeValue(forKey: live)
                #expect(removed?.id == expected?.id && removed?.started == expected?.started, place)
                dead.append(live)
            case 6:
                guard let root = dead.randomElement(using: &random) else { continue }
                let removed = trees.remove(root)
                #expect(removed == nil, place)
                trees.extend(root, deadline: now + timeout)
            case 7:
                guard let live else { continue }
                trees.extend(live, deadline: now + timeout)
                naive.extend(live, deadline: now + timeout)
            default:
                let expired = trees.popExpired(now: now)
                guard let oldest = naive.oldest, oldest.tree.deadline <= now else {
                    #expect(expired == nil, place)
                    continue
                }
                #expect(expired?.id == oldest.tree.id, place)
                naive.trees[oldest.root] = nil
                dead.append(oldest.root)
            }
            #expect(trees.count == naive.trees.count, place)
            #expect(trees.nextDeadline == naive.oldest?.tree.deadline, place)
            if step % 100 == 0 { #expect(Set(trees.roots) == Set(naive.trees.keys), place) }
        }
    }

    @Test func aSlotUsedAgainHasANewRootAcrossTheEndOfTheGenerations() {
        // 27 bits of generation: this one is about to start over.
        var trees = PendingTrees(task: .max, generation: 0x7FF_FFFD)
        var roots: Set<UInt64> = []
        for number in 0..<6 {
            let root = trees.insert(.int(number), now: 0, deadline: 1)
            #expect(roots.insert(root).inserted)
            #expect(root >> 49 == UInt64(TaskID.max.rawValue))
            let removed = trees.remove(root)
            #expect(removed?.id == .int(number))
        }
    }

    @Test func anotherTasksRootIsNotFound() {
        var mine = PendingTrees(task: TaskID(3), generation: 7)
        var other = PendingTrees(task: TaskID(4), generation: 7)
        let root = other.insert(1, now: 0, deadline: 1)
        _ = mine.insert(2, now: 0, deadline: 1)
        let removed = mine.remove(root)
        #expect(removed == nil && mine.count == 1)
    }
}
