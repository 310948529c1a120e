internal import CZooKeeper
internal import Dispatch

/// Waits, before a handle is closed, until the server has answered all that was sent.
///
/// The library sends the end of the session and closes the socket at once. If answers are unread then, such as those to
/// many watches that were removed a moment ago, the kernel resets the connection, the server may never read that the
/// session is over, and its ephemeral nodes, a leadership among them, stay for the whole session timeout (3.8; seen in two
/// of three stops of a nimbus that watched a hundred workers). The server answers in order, so one more answer is the last.
final class CloseBarrier: Sendable {
    private let answered = DispatchSemaphore(value: 0)
    /// What the library itself waits until the end of the session is sent. Long enough for a busy server to answer the
    /// removal of ten thousand watches; one that is stopped costs a closing client this much.
    private static let limit = DispatchTimeInterval.seconds(3)

    /// Blocks, for at most the limit. At once without a connection. The handle must not be closed yet, and this must live
    /// until it is.
    func pass(_ handle: OpaquePointer) {
        guard zoo_state(handle) == Int32(CZK_STATE_CONNECTED) else { return }
        let code = zoo_aexists(handle, "/", 0, onNativeBarrier, Unmanaged.passUnretained(self).toOpaque())
        // Passed or not, the handle is closed.
        if code == 0 { _ = answered.wait(timeout: .now() + Self.limit) }
    }

    fileprivate func open() { answered.signal() }
}

/// Completion thread.
private func onNativeBarrier(_ code: Int32, _ stat: UnsafePointer<Stat>?, _ context: UnsafeRawPointer?) {
    guard let context else { return }
    Unmanaged<CloseBarrier>.fromOpaque(context).takeUnretainedValue().open()
}
