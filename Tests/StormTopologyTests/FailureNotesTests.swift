import StormCore
import StormTopology
import StormWire
import Testing

@Suite struct FailureNotesTests {
    /// A tracked tuple of the task, from a message of this number.
    private func tracked(_ rig: Rig, _ number: Int) throws -> Tuple {
        rig.spout.emit(id: .int(number), "k", number)
        return try #require(rig.take().arrivals.first).tuple
    }

    private func source() throws -> Rig {
        try Rig(
            "source",
            build { builder in
                builder.spout("source") { QuietSpout() }
                builder.bolt("sink") { QuietBolt() }.shuffle("source")
            })
    }

    @Test func whatABoltThrewIsKnownToTheSpoutOfTheTree() throws {
        let rig = try source()
        rig.emitter.notes = FailureNotes(localTasks: [rig.task])
        let (first, second) = (try tracked(rig, 1), try tracked(rig, 2))
        rig.bolt.failed(first, FailedError("no such customer"))
        #expect(rig.emitter.notes?.text(about: first.anchors[0].root) == "no such customer")
        #expect(rig.emitter.notes?.text(about: second.anchors[0].root) == nil)
    }

    @Test func notesForSpoutsOfOtherWorkersAreNotKept() throws {
        let rig = try source()
        rig.emitter.notes = FailureNotes(localTasks: [TaskID(99)])
        let tuple = try tracked(rig, 1)
        rig.bolt.failed(tuple, FailedError("no such customer"))
        #expect(rig.emitter.notes?.text(about: tuple.anchors[0].root) == nil)
    }

    @Test func theNewestNotesStay() throws {
        let rig = try source()
        let notes = FailureNotes(localTasks: [rig.task])
        rig.emitter.notes = notes
        var roots: [UInt64] = []
        for number in 0..<(FailureNotes.notesMax + 10) {
            let tuple = try tracked(rig, number)
            roots.append(tuple.anchors[0].root)
            rig.bolt.failed(tuple, FailedError("\(number)"))
        }
        #expect(roots.prefix(10).allSatisfy { notes.text(about: $0) == nil })
        #expect(roots.dropFirst(10).enumerated().allSatisfy { notes.text(about: $1) == "\($0 + 10)" })
    }
}
