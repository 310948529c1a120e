/// A small, fast, seedable generator (xoshiro256**; Blackman and Vigna, "Scrambled linear pseudorandom number
/// generators", 2018), seeded through SplitMix64. Not for secrets.
public struct FastRandom: RandomNumberGenerator, Sendable {
    @usableFromInline var a: UInt64
    @usableFromInline var b: UInt64
    @usableFromInline var c: UInt64
    @usableFromInline var d: UInt64

    public init(seed: UInt64) {
        var state = seed
        func split() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            return mix64(state)
        }
        a = split()
        b = split()
        c = split()
        d = split()
    }

    @inlinable
    public mutating func next() -> UInt64 {
        let result = ((b &* 5) << 7 | (b &* 5) >> 57) &* 9
        let t = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= t
        d = d << 45 | d >> 19
        return result
    }
}

/// SplitMix64's finalizer: a bijection of 64-bit numbers that spreads every input bit over the whole output
/// (Stafford's variant 13). Stable for ever: acker routing and fields grouping depend on it in all processes.
@inlinable
public func mix64(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
}
