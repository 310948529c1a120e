import StormTopology
import StormWire
import Testing

private struct Position: Hashable, Sendable, CustomStringConvertible {
    var partition: Int
    var offset: Int
    var description: String { "\(partition)@\(offset)" }
}

@Suite struct MessageIDTests {
    @Test func literalsAreNumbersAndStrings() {
        let number: MessageID = 7
        let string: MessageID = "seven"
        #expect(number == .int(7) && number.int == 7 && number.string == nil)
        #expect(string == .string("seven") && string.string == "seven" && string.int == nil)
        #expect("\(number) \(string)" == "7 seven")
    }

    @Test func anyHashableValueIsAnID() {
        let id = MessageID.other(MessageID.Box(Position(partition: 1, offset: 9)))
        #expect(id == .other(MessageID.Box(Position(partition: 1, offset: 9))))
        #expect(id != .other(MessageID.Box(Position(partition: 1, offset: 8))))
        #expect(id.int == nil && id.string == nil)
        #expect("\(id)" == "1@9")
        #expect(Set([id, .other(MessageID.Box(Position(partition: 1, offset: 9))), 1, "1"]).count == 3)
    }

    @Test func differentKindsOfTheSameTextDiffer() {
        #expect(MessageID.int(1) != .string("1"))
        #expect(MessageID.other(MessageID.Box("a")) != .string("a"))
    }

    @Test func everyKindComesBackFromItsTree() throws {
        let topology = try build { builder in
            builder.spout("source") { QuietSpout() }
            builder.bolt("sink") { QuietBolt() }.shuffle("source")
        }
        let rig = try Rig("source", topology)
        let ids: [MessageID] = [4, "four", .other(MessageID.Box(Position(partition: 4, offset: 4)))]
        for id in ids { rig.spout.emit(id: id, "k", 1) }
        #expect(rig.spout.pendingCount == 3)
        let back = rig.take().records.map { rig.spout.tracking.pointee.trees.remove($0.root)?.id }
        #expect(back == ids)
        #expect(rig.spout.pendingCount == 0)
    }

    @Test func withoutAckersAnIDIsAckedAtOnce() throws {
        let topology = try build { builder in
            builder.spout("source") { QuietSpout() }
            builder.bolt("sink") { QuietBolt() }.shuffle("source")
        }
        let rig = try Rig("source", topology, ackers: 0)
        rig.spout.emit(id: 1, "k", 1)
        rig.spout.emit(values: ["k", 2], id: "two")
        #expect(rig.spout.tracking.pointee.takeUntracked() == [1, "two"])
        let (arrivals, records) = rig.take()
        #expect(arrivals.count == 2 && arrivals.allSatisfy { !$0.tuple.isTracked } && records.isEmpty)
    }
}
