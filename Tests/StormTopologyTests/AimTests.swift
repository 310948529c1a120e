import StormCore
import StormTopology
import StormWire
import Testing

/// Emits of typed values choose their target before they are encoded, others after: both must choose the same.
@Suite struct AimTests {
    private static let names = ["a", "b", "c", "d", "e", "f"]

    private func rig(_ fields: Int, _ subscribe: (BoltDeclarer) -> Void) throws -> Rig {
        try Rig(
            "source",
            build { builder in
                builder.spout("source", outputs: Outputs(Array(Self.names.prefix(fields)))) { QuietSpout() }
                subscribe(builder.bolt("sink", parallelism: 7) { QuietBolt() })
            })
    }

    /// Where the encoded bytes of some fields lead, computed plainly.
    private func place(_ rig: Rig, _ arrival: Arrival, _ fields: [Int]) -> TaskID {
        let hash = fields.reduce(UInt64(0)) { hash, index in
            let p = FieldReader.field(index, from: arrival.tuple.fieldsStart)
            return StableHash.hash(p, count: FieldReader.byteCount(at: p), seed: hash)
        }
        return rig.tasks("sink")[StableHash.reduce(hash, to: 7)]
    }

    @Test(arguments: 1...6)
    func everyFormOfEmitGoesWhereItsBytesLead(_ fields: Int) throws {
        for chosen in 0..<fields {
            let other = (chosen + 2) % fields
            let rig = try rig(fields) {
                if other == chosen {
                    $0.fields("source", Self.names[chosen])
                } else {
                    $0.fields("source", Self.names[chosen], Self.names[other])
                }
            }
            for number in 0..<40 {
                emit(rig, fields, number)
                let arrivals = rig.take().arrivals
                #expect(arrivals.count == 3)
                for arrival in arrivals {
                    #expect(arrival.task == place(rig, arrival, other == chosen ? [chosen] : [chosen, other]))
                }
            }
        }
    }

    /// The same values typed, typed and tracked, and dynamic.
    private func emit(_ rig: Rig, _ fields: Int, _ n: Int) {
        let out = rig.spout
        let a = "word \(n)"
        let id = MessageID.int(n)
        switch fields {
        case 1:
            out.emit(a)
            out.emit(id: id, a)
        case 2:
            out.emit(a, n)
            out.emit(id: id, a, n)
        case 3:
            out.emit(a, n, Double(n) / 3)
            out.emit(id: id, a, n, Double(n) / 3)
        case 4:
            out.emit(a, n, Double(n) / 3, n % 2 == 0)
            out.emit(id: id, a, n, Double(n) / 3, n % 2 == 0)
        case 5:
            out.emit(a, n, Double(n) / 3, n % 2 == 0, [UInt8](a.utf8))
            out.emit(id: id, a, n, Double(n) / 3, n % 2 == 0, [UInt8](a.utf8))
        default:
            out.emit(a, n, Double(n) / 3, n % 2 == 0, [UInt8](a.utf8), n % 3 == 0 ? nil : n)
            out.emit(id: id, a, n, Double(n) / 3, n % 2 == 0, [UInt8](a.utf8), n % 3 == 0 ? nil : n)
        }
        let values: [Value] = [
            .string(a), .int(n), .double(Double(n) / 3), .bool(n % 2 == 0), .bytes([UInt8](a.utf8)),
            n % 3 == 0 ? .null : .int(n),
        ]
        out.emit(values: Array(values.prefix(fields)))
    }

    @Test func theFormsOfEmitShareTheCountsOfPartialKey() throws {
        let rig = try rig(2) { $0.partialKey("source", "a") }
        for number in 0..<300 {
            switch number % 3 {
            case 0: rig.spout.emit("hot", number)
            case 1: rig.spout.emit(values: [.string("hot"), .int(number)])
            default: rig.spout.emit(id: .int(number), "hot", number)
            }
        }
        #expect(Array(rig.takeCounts().values) == [150, 150])
    }

    @Test func theFormsOfEmitShareTheTurn() throws {
        let rig = try rig(1) { $0.shuffle("source") }
        for number in 0..<210 {
            switch number % 3 {
            case 0: rig.spout.emit(number)
            case 1: rig.spout.emit(values: [.int(number)])
            default: rig.spout.emit(id: .int(number), number)
            }
        }
        #expect(rig.takeCounts() == Dictionary(uniqueKeysWithValues: rig.tasks("sink").map { ($0, 30) }))
    }

    @Test func tuplesOfATaskArriveInOrderAtEachTarget() throws {
        let rig = try rig(2) { $0.fields("source", "a") }
        for number in 0..<3_000 { rig.spout.emit("key \(number % 11)", number) }
        var last: [TaskID: Int] = [:]
        for arrival in rig.take().arrivals {
            #expect(arrival.tuple.int(1) > last[arrival.task] ?? -1)
            last[arrival.task] = arrival.tuple.int(1)
        }
    }
}
