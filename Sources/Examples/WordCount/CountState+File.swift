import Storm

/// The state as a file: little-endian 64-bit numbers and UTF-8; the last number is the checksum of all before it.
///
/// ```
/// "WCCOUNT1"
/// n, n × (spout, low water)
/// n, n × spout that has finished
/// n, n × (line id, position)
/// n, n × (count, length, word)
/// checksum
/// ```
extension CountState {
    private static let magic: UInt64 = 0x31_54_4E_55_4F_43_43_57

    static func load(_ path: String) throws -> CountState? {
        guard let bytes = try TextFile.read(path) else { return nil }
        guard let state = CountState(bytes) else {
            throw FileError("'\(path)' is damaged, or not a state file of this program")
        }
        return state
    }

    func save(_ path: String) throws { try TextFile.replace(path, with: encoded) }

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64 + seen.count * 16 + counts.count * 28)
        func put(_ number: Int) { withUnsafeBytes(of: UInt64(bitPattern: Int64(number)).littleEndian) { bytes += $0 } }
        put(Int(Self.magic))
        put(lowWater.count)
        for (spout, line) in lowWater {
            put(spout)
            put(line)
        }
        put(finishedSpouts.count)
        for spout in finishedSpouts { put(spout) }
        put(seen.count)
        for place in seen {
            put(place.line.rawValue)
            put(place.position)
        }
        put(counts.count)
        for (word, count) in counts {
            put(count)
            put(word.utf8.count)
            bytes += word.utf8
        }
        put(Self.checksum(bytes[...]))
        return bytes
    }

    /// nil for anything that `encoded` did not write.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 16 else { return nil }
        var rest = bytes[...]
        func number() -> Int? {
            guard rest.count >= 8 else { return nil }
            defer { rest = rest.dropFirst(8) }
            return Int(Int64(bitPattern: rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
        }
        func list<T>(_ element: () -> T?) -> [T]? {
            guard let count = number(), count >= 0, count <= rest.count / 8 else { return nil }
            var elements: [T] = []
            elements.reserveCapacity(count)
            for _ in 0..<count {
                guard let next = element() else { return nil }
                elements.append(next)
            }
            return elements
        }
        func pair() -> (Int, Int)? {
            guard let first = number(), let second = number() else { return nil }
            return (first, second)
        }
        func entry() -> (String, Int)? {
            guard let (count, length) = pair(), length >= 0, length <= rest.count else { return nil }
            defer { rest = rest.dropFirst(length) }
            return (String(decoding: rest.prefix(length), as: UTF8.self), count)
        }
        guard number() == Int(Self.magic), let lines = list(pair), let finished = list(number),
            let places = list(pair), let words = list(entry), number() == Self.checksum(bytes.dropLast(8)), rest.isEmpty
        else { return nil }
        self.init(
            counts: Dictionary(words, uniquingKeysWith: +),
            seen: Set(places.map { Place(line: LineID(rawValue: $0), position: $1) }),
            lowWater: Dictionary(lines, uniquingKeysWith: max), finishedSpouts: Set(finished))
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return Int(truncatingIfNeeded: StableHash.hash(base, count: bytes.count, seed: 0))
        }
    }
}
