import Glibc

/// Makes bad conversations out of good ones. The same seed gives the same ones.
package struct Mutator: Sendable {
    package private(set) var random: SeededRandom
    private let corpus: [[UInt8]]

    private static let lengths: [UInt32] = [
        0, 1, 3, 4, 7, 8, 31, 32, 33, 255, 256, 65_535, 65_536, 1 << 20, 1 << 24, 0x7FFF_FFFF, 0x8000_0000,
        0xFFFF_FFFF, 0xFFFF_FFFE,
    ]

    /// - Precondition: the corpus is not empty.
    package init(_ corpus: Corpus, seed: UInt64) {
        precondition(!corpus.entries.isEmpty, "an empty corpus: \(corpus.folder)")
        self.corpus = corpus.entries.map(\.bytes)
        random = SeededRandom(seed)
    }

    /// A conversation with one to four faults; now and then a sound one.
    package mutating func next() -> [UInt8] {
        var bytes = pick()
        let faults = random.below(20) == 0 ? 0 : 1 + random.below(4)
        for _ in 0..<faults { spoil(&bytes) }
        return bytes
    }

    /// Cuts bytes into pieces, as a network may.
    package mutating func pieces(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var cuts: Set<Int> = [0, bytes.count]
        for _ in 0..<random.below(5) { cuts.insert(random.below(bytes.count + 1)) }
        let sorted = cuts.sorted()
        return zip(sorted, sorted.dropFirst()).map { bytes[$0..<$1] }
    }

    private mutating func pick() -> [UInt8] { corpus[random.below(corpus.count)] }

    private mutating func spoil(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes = pick() }
        let place = random.below(bytes.count)
        switch random.below(10) {
        case 0: bytes[place] ^= 1 << UInt8(random.below(8))
        case 1: bytes[place] = [0, 0x7F, 0x80, 0xFF][random.below(4)]
        case 2: bytes.removeLast(bytes.count - place)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(32)))
        case 4: bytes.insert(contentsOf: (0...random.below(32)).map { _ in UInt8(random.below(256)) }, at: place)
        case 5:
            let part = Array(bytes[place..<min(bytes.count, place + 1 + random.below(200))])
            for _ in 0...random.below(8) { bytes.insert(contentsOf: part, at: place) }
        case 6: bytes = Array(bytes[..<place]) + pick().suffix(random.below(400))
        case 7: bytes += pick()
        default: setLength(&bytes, at: place)
        }
    }

    /// Puts a number that lengths do not like at one of the first places of the conversation, or anywhere.
    private mutating func setLength(_ bytes: inout [UInt8], at anywhere: Int) {
        let place = random.below(2) == 0 ? anywhere : min(4 * random.below(8), bytes.count - 1)
        let value = Self.lengths[random.below(Self.lengths.count)]
        let encoded = withUnsafeBytes(of: random.below(2) == 0 ? value.littleEndian : value.bigEndian, Array.init)
        for (offset, byte) in encoded.enumerated() where place + offset < bytes.count { bytes[place + offset] = byte }
    }
}

/// Seeds for tests: `count` of them, or as many as `STORM_HOSTILE_SEEDS` says for a long run.
package func hostileSeeds(_ count: Int) -> ClosedRange<UInt64> {
    1...(getenv("STORM_HOSTILE_SEEDS").flatMap { UInt64(String(cString: $0)) } ?? UInt64(count))
}

/// SplitMix64: the same numbers for the same seed everywhere.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(_ seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    package mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
