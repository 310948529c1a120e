import StormCore
import StormWire
import Testing

@testable import StormRuntime

/// A forest of trees whose records come in any order, told to a ledger and to dictionaries.
private struct Forest {
    struct Tree {
        let root: UInt64
        let spout: Int32
        var records: [AckRecord]
        var isFailed = false
    }

    var random: FastRandom
    var trees: [Tree] = []

    init(seed: UInt64) { random = FastRandom(seed: seed) }

    /// A tree of 1 to 5 tuples, its records shuffled; one in ten fails somewhere.
    mutating func plant(_ root: UInt64) {
        let edges = (0..<Int.random(in: 1...5, using: &random)).map { _ in random.next() | 1 }
        let spout = Int32.random(in: 1...9, using: &random)
        // The first edge is the spout's; each ack consumes one edge and creates the next.
        var records = [AckRecord(.start, root: root, value: edges[0], task: spout)]
        for (index, edge) in edges.enumerated() {
            let created = index + 1 < edges.count ? edges[index + 1] : 0
            records.append(AckRecord(.ack, root: root, value: edge ^ created, task: 20))
        }
        let isFailed = Int.random(in: 0..<10, using: &random) == 0
        if isFailed {
            // What failed is not acked, so the tree cannot become complete.
            records[records.count - 1] = AckRecord(.fail, root: root, task: 21, reason: .explicit)
        }
        records.shuffle(using: &random)
        trees.append(Tree(root: root, spout: spout, records: records, isFailed: isFailed))
    }
}

/// Roots that share their place in the table, whichever of the usual ways it is computed: long runs, round the end too.
private enum Crowded {
    /// Inverse of `mix64`.
    static func unmix(_ value: UInt64) -> UInt64 {
        func unshift(_ z: UInt64, _ bits: UInt64) -> UInt64 {
            var result = z
            for _ in 0..<6 { result = z ^ (result >> bits) }
            return result
        }
        func inverse(_ odd: UInt64) -> UInt64 {
            var result = odd
            for _ in 0..<6 { result = result &* (2 &- odd &* result) }
            return result
        }
        var z = unshift(value, 31) &* inverse(0x94D0_49BB_1331_11EB)
        z = unshift(z, 27) &* inverse(0xBF58_476D_1CE4_E5B9)
        return unshift(z, 30)
    }

    static let families = 6
    /// Families in which all roots may share one place: only so many trees at once, or a run is all that is tested.
    static func maxTrees(family: Int) -> Int { family < 3 ? 1_200 : .max }

    static func root(_ number: Int, family: Int) -> UInt64 {
        switch family {
        // The low bits of the hash, or its high bits, are the same for all.
        case 0: unmix(UInt64(number) << 40 | 0xFF_FFFF)
        case 1: unmix(UInt64(number) | 0xFFFF << 48)
        case 2: UInt64(number) &* 0xF1DE_83E1_9937_733D
        case 3: UInt64(number)
        case 4: UInt64(number) << 32 | 5
        default: 9 << 49 | UInt64(number % 1_000) << 22 | UInt64(number % 77_777)
        }
    }
}

@Suite struct AckLedgerModelTests {
    @Test func unmixUndoesMix() {
        var random = FastRandom(seed: 5)
        for _ in 0..<1_000 {
            let value = random.next()
            #expect(mix64(Crowded.unmix(value)) == value)
        }
    }

    /// Waves of trees, from a handful to tens of thousands at once, interleaved at random: each ends exactly once, with its
    /// own spout and its own fate, whatever the table does to its size meanwhile.
    @Test(arguments: UInt64(0)..<30)
    func treesWhoseRecordsComeInAnyOrderEndOnce(_ seed: UInt64) {
        var forest = Forest(seed: seed)
        var ledger = AckLedger()
        var smallest = Int.max
        var largest = 0
        var next = 0
        let family = Int(seed) % Crowded.families
        for wave in 0..<6 {
            let size = min([10, 3_000, 200, 12_000, 1, 700][(wave + Int(seed)) % 6], Crowded.maxTrees(family: family))
            forest.trees = []
            for _ in 0..<size {
                forest.plant(Crowded.root(next, family: family))
                next += 1
            }
            let ended = play(&forest, &ledger, &largest)
            #expect(ended.wrong == 0, "seed \(seed), wave \(wave)")
            #expect(ended.completed + ended.failed == size, "seed \(seed), wave \(wave)")
            #expect(ended.failed == forest.trees.count { $0.isFailed }, "seed \(seed), wave \(wave)")
            // What came after a tree had failed stands for an unknown tree, until it is swept away.
            for _ in 0..<3 { ledger.sweep() }
            let (count, bytes) = (ledger.count, ledger.byteCount)
            #expect(count == 0, "seed \(seed), wave \(wave)")
            smallest = min(smallest, bytes)
        }
        #expect(largest > smallest, "it grew and shrank: \(smallest) to \(largest) bytes")
    }

    /// Tells the records of all trees, of several trees at a time, and looks at every outcome.
    private func play(
        _ forest: inout Forest, _ ledger: inout AckLedger, _ largest: inout Int
    ) -> (completed: Int, failed: Int, wrong: Int) {
        var order = forest.trees.indices.flatMap { tree in forest.trees[tree].records.indices.map { _ in tree } }
        order.shuffle(using: &forest.random)
        var indexByRoot: [UInt64: Int] = [:]
        for (index, tree) in forest.trees.enumerated() { indexByRoot[tree.root] = index }
        var told = [Int](repeating: 0, count: forest.trees.count)
        var ended = [Bool](repeating: false, count: forest.trees.count)
        var result = (completed: 0, failed: 0, wrong: 0)
        var rest = order[...]
        while !rest.isEmpty {
            // A run of records as they come in a batch, or a single one.
            let run = rest.prefix(Int.random(in: 1...40, using: &forest.random))
            rest = rest.dropFirst(run.count)
            let records = run.map { index in
                defer { told[index] += 1 }
                return forest.trees[index].records[told[index]]
            }
            for (spout, record) in outcomes(of: records, &ledger) {
                guard let index = indexByRoot[record.root] else {
                    result.wrong += 1
                    continue
                }
                let tree = forest.trees[index]
                let isRight =
                    spout == tree.spout && !ended[index] && record.kind == (tree.isFailed ? .failed : .completed)
                    && (tree.isFailed || told[index] == tree.records.count)
                if !isRight { result.wrong += 1 }
                ended[index] = true
                if tree.isFailed { result.failed += 1 } else { result.completed += 1 }
            }
            largest = max(largest, ledger.byteCount)
        }
        return result
    }

    /// Tells the ledger several records in their encoded form, or one as it is.
    private func outcomes(of records: [AckRecord], _ ledger: inout AckLedger) -> [(Int32, AckRecord)] {
        guard records.count > 1 else {
            return records.compactMap { ledger.apply($0) }.map { ($0.spout, $0.record) }
        }
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: records.count * AckRecord.byteCount, alignment: 8)
        defer { bytes.deallocate() }
        for (index, record) in records.enumerated() { record.write(at: bytes + index * AckRecord.byteCount) }
        var told: [(Int32, AckRecord)] = []
        ledger.apply(UnsafeRawPointer(bytes), UnsafeRawPointer(bytes + records.count * AckRecord.byteCount)) {
            told.append(($0, $1))
        }
        return told
    }

    /// A rotation in mid-flight loses nothing that is young, and all that is old, however the table was rebuilt.
    @Test(arguments: UInt64(0)..<18)
    func rotationKeepsTheYoungAndDropsTheOld(_ seed: UInt64) {
        var random = FastRandom(seed: seed)
        var ledger = AckLedger()
        var born: [UInt64: Int] = [:]
        var next = 0
        let family = Int(seed) % Crowded.families
        for sweep in 0..<10 {
            for _ in 0..<Int.random(in: 0...min(4_000, Crowded.maxTrees(family: family) / 3), using: &random) {
                let root = Crowded.root(next, family: family)
                next += 1
                born[root] = sweep
                let outcome = ledger.apply(AckRecord(.start, root: root, value: 9, task: 2))
                if outcome != nil { Issue.record("a tree ended at its start") }
            }
            for root in born.keys.sorted().shuffled(using: &random).prefix(500) {
                let age = sweep - born[root]!
                // Untouched for two rotations it is still there; a third takes it.
                let kind: AckRecord.Kind = Bool.random(using: &random) ? .resetTimeout : .ack
                let outcome = ledger.apply(AckRecord(kind, root: root, value: kind == .ack ? 9 : 0))
                #expect(outcome?.record.root == root, "seed \(seed), age \(age)")
                if kind == .ack { born[root] = nil } else { born[root] = sweep }
            }
            ledger.sweep()
            born = born.filter { sweep + 1 - $0.value <= 2 }
            let count = ledger.count
            #expect(count == born.count, "seed \(seed), sweep \(sweep)")
        }
    }
}
