import Glibc

/// The operating system thread of a loop.
// @unchecked: `handle` is written in `init` and read by `join` only.
package final class LoopThread: @unchecked Sendable {
    private var handle = pthread_t()

    package init(_ loop: ExecutorLoop) {
        let argument = Unmanaged.passRetained(loop)
        let failure = pthread_create(&handle, nil, loopThreadMain, argument.toOpaque())
        precondition(failure == 0, "the system refused to start a thread: \(String(cString: strerror(failure)))")
    }

    /// Waits until the loop has returned from `run`. Call once, after `ExecutorLoop.stop`.
    package func join() { pthread_join(handle, nil) }
}

private func loopThreadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<ExecutorLoop>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}
