import StormCluster
import StormCore
@testable import StormRuntime
import Testing

@testable import StormWorker

@Suite struct ErrorOutboxTests {
    private func error(_ component: String, _ number: Int) -> ComponentError {
        ComponentError(component: component, task: TaskID(1), message: "\(number)", epochMilliseconds: 0)
    }

    /// In the queue that all shared the one of `quiet` found no place.
    @Test func aFloodOfOneComponentDoesNotDisplaceTheErrorOfAnother() throws {
        let outbox = ErrorOutbox()
        for number in 0..<1000 { _ = outbox.put(error("loud", number)) }
        #expect(outbox.put(error("quiet", 7)))
        #expect(outbox.take()?.component == "loud")
        #expect(outbox.take()?.component == "quiet")
        var rest: [String] = []
        while let error = outbox.take() { rest.append(error.message) }
        #expect(rest == (991..<1000).map { "\($0)" })
    }

    @Test func theNewestOfAComponentWaitAsManyAsItsZnodesKeep() {
        let outbox = ErrorOutbox()
        for number in 0..<ErrorLog.keptPerComponent { #expect(outbox.put(error("a", number))) }
        #expect(!outbox.put(error("a", 10)))
        #expect(outbox.take()?.message == "1")
        #expect(outbox.put(error("a", 11)))
    }

    @Test func componentsAreServedInTurns() {
        let outbox = ErrorOutbox()
        for number in 0..<2 { for component in ["a", "b", "c"] { _ = outbox.put(error(component, number)) } }
        var taken: [String] = []
        while let error = outbox.take() { taken.append(error.component + error.message) }
        #expect(taken == ["a0", "b0", "c0", "a1", "b1", "c1"])
    }
}
