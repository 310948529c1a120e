/// The hash of fields grouping: over encoded bytes, the same in every process, on every machine, for ever.
///
/// Eight bytes at a time through a 64×64→128 bit multiplication, as in wyhash (Wang Yi, 2019). Its values are fixed by
/// golden tests; a change would move keys between tasks.
public enum StableHash {
    @usableFromInline static let k0: UInt64 = 0xA076_1D64_78BD_642F
    @usableFromInline static let k1: UInt64 = 0xE703_7ED1_A0B4_28DB

    @inlinable
    static func mum(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    /// O(count / 8).
    @inlinable
    public static func hash(_ p: UnsafeRawPointer, count: Int, seed: UInt64) -> UInt64 {
        var h = seed ^ k0
        var i = 0
        while i + 8 <= count {
            h = mum(h ^ p.u64(i), k1)
            i += 8
        }
        if i < count {
            var tail: UInt64 = 0
            var shift: UInt64 = 0
            while i < count {
                tail |= UInt64(p.u8(i)) << shift
                shift += 8
                i += 1
            }
            h = mum(h ^ tail, k1)
        }
        return mum(h ^ UInt64(truncatingIfNeeded: count), k0)
    }

    /// Maps a hash evenly to `0..<count` without a division.
    @inlinable
    public static func reduce(_ hash: UInt64, to count: Int) -> Int {
        Int(hash.multipliedFullWidth(by: UInt64(count)).high)
    }
}
