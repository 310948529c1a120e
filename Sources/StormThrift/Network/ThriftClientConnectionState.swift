/// The calls of one client connection: one is in progress, the others wait for it in order. Pure.
///
/// A call that is given up while in progress ends the connection: its reply would otherwise be taken for that of the
/// next call.
package struct ThriftClientConnectionState {
    package typealias CallID = UInt64

    package enum Action: Equatable {
        case nothing
        case send(CallID)
        /// There is no room for this call.
        case reject(CallID)
        /// The connection is closed already.
        case rejectClosed(CallID)
        /// The reply is for `call`; `next` is to be sent.
        case complete(CallID, next: CallID?)
        /// A call that had not been sent is given up.
        case drop(CallID)
        /// A call in progress is given up, and the connection with it.
        case dropAndClose(CallID)
        /// A reply came that nobody waits for.
        case closeOnStrayReply
    }

    package static let callsWaitingMax = 256

    private var current: CallID?
    private var waiting: [CallID] = []
    private var isClosed = false

    package init() {}

    package mutating func submitted(_ call: CallID) -> Action {
        if isClosed { return .rejectClosed(call) }
        if current == nil {
            current = call
            return .send(call)
        }
        guard waiting.count < Self.callsWaitingMax else { return .reject(call) }
        waiting.append(call)
        return .nothing
    }

    package mutating func replied() -> Action {
        guard let call = current else { return isClosed ? .nothing : .closeOnStrayReply }
        current = waiting.isEmpty ? nil : waiting.removeFirst()
        return .complete(call, next: current)
    }

    /// The deadline of a call passed, or its caller was cancelled.
    package mutating func abandoned(_ call: CallID) -> Action {
        if current == call {
            current = nil
            isClosed = true
            return .dropAndClose(call)
        }
        guard let index = waiting.firstIndex(of: call) else { return .nothing }
        waiting.remove(at: index)
        return .drop(call)
    }

    /// Returns the calls that will get no reply.
    package mutating func closed() -> [CallID] {
        let lost = (current.map { [$0] } ?? []) + waiting
        (current, waiting, isClosed) = (nil, [], true)
        return lost
    }
}
