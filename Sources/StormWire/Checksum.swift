import CStormChecksum

/// CRC-32C (Castagnoli), as in iSCSI (RFC 3720) and ext4.
///
/// By the processor's instruction where there is one (some 20 bytes a nanosecond), else by slicing tables, eight bytes a
/// step (about one).
public enum Checksum {
    private static let hasInstruction = storm_crc32c_is_available() != 0

    /// O(count).
    public static func crc32c(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard let base = bytes.baseAddress else { return 0 }
        return hasInstruction ? storm_crc32c(base, bytes.count) : crc32cByTable(bytes)
    }

    // MARK: Without the instruction

    /// `tables[k][b]` is the CRC of byte b followed by k zero bytes; computed once, read-only.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
            tables[byte] = crc
        }
        for byte in 0..<256 {
            for k in 1..<8 {
                let previous = tables[(k - 1) * 256 + byte]
                tables[k * 256 + byte] = previous >> 8 ^ tables[Int(previous & 0xFF)]
            }
        }
        return tables
    }()

    /// The same on any processor.
    package static func crc32cByTable(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard let p = bytes.baseAddress else { return 0 }
        return tables.withUnsafeBufferPointer { t in
            var crc = ~UInt32(0)
            var i = 0
            while i + 8 <= bytes.count {
                let word = p.u64(i) ^ UInt64(crc)
                crc = t[1792 + Int(word & 0xFF)] ^ t[1536 + Int(word >> 8 & 0xFF)]
                crc ^= t[1280 + Int(word >> 16 & 0xFF)] ^ t[1024 + Int(word >> 24 & 0xFF)]
                crc ^= t[768 + Int(word >> 32 & 0xFF)] ^ t[512 + Int(word >> 40 & 0xFF)]
                crc ^= t[256 + Int(word >> 48 & 0xFF)] ^ t[Int(word >> 56)]
                i += 8
            }
            while i < bytes.count {
                crc = crc >> 8 ^ t[Int((crc ^ UInt32(p.u8(i))) & 0xFF)]
                i += 1
            }
            return ~crc
        }
    }
}
