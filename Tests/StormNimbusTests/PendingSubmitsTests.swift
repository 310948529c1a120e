import StormNimbus
import Testing

@Suite struct PendingSubmitsTests {
    @Test func whatIsCarriedOutIsPending() {
        let pending = PendingSubmits()
        pending.insert("a")
        #expect(pending.contains("a") && !pending.contains("b"))
        pending.beginLook()
        #expect(pending.contains("a"))
    }

    /// Simulation, seed 1012: the record of the submit was read, then the submit was carried out, and what it had just
    /// stored was taken for a dead leader's and deleted.
    @Test func aSubmitThatEndsDuringALookIsNotAbandoned() {
        let pending = PendingSubmits()
        pending.insert("a")
        pending.beginLook()
        pending.remove("a")
        #expect(pending.contains("a"))
        pending.beginLook()
        #expect(!pending.contains("a"))
    }

    @Test func whatWasNeverPendingIsNotWhenItEnds() {
        let pending = PendingSubmits()
        pending.remove("a")
        #expect(!pending.contains("a"))
    }
}
