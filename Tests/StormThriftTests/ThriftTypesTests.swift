import StormThrift
import Testing

@Suite struct ThriftTypesTests {
    @Test(arguments: Sample.all) func writesTheBytesOfAnIndependentEncoder(_ sample: Sample) {
        #expect(sample.encoded == sample.golden)
    }

    @Test(arguments: Sample.all) func readsBackWhatWasWritten(_ sample: Sample) throws {
        let (isEqual, bytesLeft) = try sample.decode(sample.golden)
        #expect(isEqual)
        #expect(bytesLeft == 0)
    }

    @Test(arguments: Sample.all) func everyPrefixIsRefusedAsTruncated(_ sample: Sample) {
        for length in 0..<sample.golden.count {
            #expect("prefix of \(length) bytes") {
                _ = try sample.decode(Array(sample.golden[..<length]))
            } throws: { error in
                (error as? ThriftError)?.code == .truncated
            }
        }
    }

    /// A newer peer sends fields that are unknown here, of every type.
    @Test(arguments: Sample.all) func unknownFieldsAreSkipped(_ sample: Sample) throws {
        let unknown = bytes(
            hex: """
                02 7001 01          03 7002 07             04 7003 4000000000000000
                06 7004 0102        08 7005 01020304       0a 7006 0102030405060708
                0b 7007 00000002 6869                      0c 7008 08 0001 00000001 00
                0d 7009 0b 08 00000001 00000001 61 00000009
                0e 700a 08 00000002 00000001 00000002      0f 700b 0c 00000002 00 00
                """)
        let (isEqual, bytesLeft) = try sample.decode(unknown + sample.golden)
        #expect(isEqual)
        #expect(bytesLeft == 0)
    }

    @Test func randomDamageIsReadOrRefusedButNeverTraps() {
        let seed: UInt64 = 20_261_121
        var random = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            for sample in Sample.all {
                var damaged = sample.golden
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let index = damaged.indices.randomElement(using: &random)!
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: damaged[index] = .random(in: 0...255, using: &random)
                    case 1: damaged[index] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
                    case 2: damaged.insert([0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random)!, at: index)
                    default: if damaged.count > 1 { damaged.remove(at: index) }
                    }
                }
                do {
                    _ = try sample.decode(damaged)
                } catch {
                    #expect(error is ThriftError, "seed \(seed), \(sample.name), \(damaged)")
                }
            }
        }
    }
}
