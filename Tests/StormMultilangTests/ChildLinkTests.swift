import Glibc
import StormTestKit
import Testing

@testable import StormMultilang

@Suite struct ChildLinkTests {
    /// A function behind a lock was wrapped once more by each access: calls got deeper and slower without end.
    @Test func aNotificationIsAsDirectAfterManyAsAtFirst() throws {
        let link = try ChildLink()
        let depths = Observed<[UInt]>([])
        link.setHandler {
            var local: UInt8 = 0
            let address = withUnsafePointer(to: &local) { UInt(bitPattern: $0) }
            depths.update { $0.append(address) }
        }
        for _ in 0..<1000 { link.notify() }
        #expect(depths.value.count == 1000 && depths.value.first == depths.value.last)
    }

    @Test func onlyMessagesAreSignsOfLife() throws {
        let link = try ChildLink()
        link.begin([])
        link.received([1, 2, 3])
        #expect(link.lastMessage == nil)
        link.noteMessage()
        #expect(link.lastMessage != nil)
        link.begin([])
        #expect(link.lastMessage == nil)
    }
}
