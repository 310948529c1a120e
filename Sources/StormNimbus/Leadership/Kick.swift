/// Wakes whoever waits for work; any number of calls before it looks count as one.
package struct Kick: Sendable {
    package let events: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (events, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    package func callAsFunction() { continuation.yield() }
    package func finish() { continuation.finish() }
}
