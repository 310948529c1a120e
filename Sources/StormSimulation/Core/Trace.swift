/// What happened: the newest lines, and a number for all of them, so that two runs can be compared.
package struct Trace: Sendable {
    package static let keptMax = 200

    private var ring: [String] = []
    private var next = 0
    package private(set) var count = 0
    /// FNV-1a over all lines.
    package private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ line: String) {
        for byte in line.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        count += 1
        if ring.count < Self.keptMax {
            ring.append(line)
        } else {
            ring[next] = line
            next = (next + 1) % Self.keptMax
        }
    }

    /// Oldest first.
    package var lines: [String] { Array(ring[next...] + ring[..<next]) }
}
