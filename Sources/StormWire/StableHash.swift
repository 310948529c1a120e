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
        if i < count { h = mum(h ^ tail(p + i, count - i), k1) }
        return mum(h ^ UInt64(truncatingIfNeeded: count), k0)
    }

    /// The last bytes, up to 7, as a number; no loop, whose end would be guessed wrong.
    @inlinable
    static func tail(_ p: UnsafeRawPointer, _ count: Int) -> UInt64 {
        if count >= 4 {
            return UInt64(p.u32(0)) | UInt64(p.u32(count &- 4)) &<< UInt64(truncatingIfNeeded: (count &- 4) &* 8)
        }
        if count == 0 { return 0 }
        let middle = count &>> 1
        let last = count &- 1
        return UInt64(p.u8(0)) | UInt64(p.u8(middle)) &<< UInt64(truncatingIfNeeded: middle &* 8)
            | UInt64(p.u8(last)) &<< UInt64(truncatingIfNeeded: last &* 8)
    }

    // MARK: Fields that are not encoded yet

    /// Hash of a field without payload, as if encoded.
    @inlinable
    public static func hashField(_ tag: UInt8, seed: UInt64) -> UInt64 { mum(mum(seed ^ k0 ^ UInt64(tag), k1) ^ 1, k0) }

    /// Hash of a field of eight bytes, as if encoded.
    @inlinable
    public static func hashField(_ tag: UInt8, _ bits: UInt64, seed: UInt64) -> UInt64 {
        let h = mum(seed ^ k0 ^ (UInt64(tag) | bits &<< 8), k1)
        return mum(mum(h ^ (bits &>> 56), k1) ^ 9, k0)
    }

    /// Hash of a field of so many bytes, as if encoded: tag and byte count fill five bytes of the first word, so every
    /// word takes three bytes from one place and five from the next. O(count / 8).
    @inlinable
    public static func hashField(_ tag: UInt8, _ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
        let count = bytes.count
        var h = seed ^ k0
        var carried = UInt64(tag) | UInt64(UInt32(truncatingIfNeeded: count)) &<< 8
        var rest: UInt64 = 0
        var restCount = 0
        if let base = bytes.baseAddress {
            let p = UnsafeRawPointer(base)
            var i = 0
            while i &+ 8 <= count {
                let word = p.u64(i)
                h = mum(h ^ (carried | word &<< 40), k1)
                carried = word &>> 24
                i &+= 8
            }
            restCount = count &- i
            rest = tail(p + i, restCount)
        }
        h = mum(h ^ (carried | rest &<< 40), k1)
        // With three more bytes the word was full.
        if restCount > 3 { h = mum(h ^ (rest &>> 24), k1) }
        return mum(h ^ UInt64(truncatingIfNeeded: count &+ 5), k0)
    }

    /// Maps a hash evenly to `0..<count` without a division.
    @inlinable
    public static func reduce(_ hash: UInt64, to count: Int) -> Int {
        Int(hash.multipliedFullWidth(by: UInt64(count)).high)
    }
}
