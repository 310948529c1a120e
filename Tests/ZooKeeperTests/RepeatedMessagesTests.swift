import Testing

@testable import ZooKeeper

struct RepeatedMessagesTests {
    private let start = ContinuousClock.now

    @Test func eachTextIsSaidOnceAMinuteWithTheNumberHeldBack() {
        var messages = RepeatedMessages()
        #expect(messages.admit("refused", now: start) == "refused")
        #expect(messages.admit("reset", now: start) == "reset")
        for tenth in 1..<600 {
            #expect(messages.admit("refused", now: start + .milliseconds(100 * tenth)) == nil)
        }
        #expect(
            messages.admit("refused", now: start + .seconds(60))
                == "refused (and 599 times more since it was last said)")
        #expect(messages.admit("reset", now: start + .seconds(60)) == "reset")
        #expect(messages.admit("refused", now: start + .seconds(61)) == nil)
    }

    @Test func differentTextsAreNeverHeldBackNorKept() {
        var messages = RepeatedMessages()
        for number in 0..<1000 { #expect(messages.admit("\(number)", now: start) != nil) }
        #expect(messages.admit("999", now: start) == nil)
        #expect(messages.admit("0", now: start) == "0")
    }
}
