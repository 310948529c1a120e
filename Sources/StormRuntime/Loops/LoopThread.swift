import Glibc

/// An operating system thread that runs a loop, and then the loop that it gives back, if any.
// @unchecked: `handle` is written in `init` and read by `join` only; `loop` and `isReleased` are guarded by the lot's lock.
package final class LoopThread: @unchecked Sendable {
    private var handle = pthread_t()
    private let lot = ParkingLot()
    private var loop: ExecutorLoop?
    private var isReleased = false

    /// Starts a thread that waits for `run`. - Returns: nil when the system refuses.
    package init?() {
        let argument = Unmanaged.passRetained(self)
        guard pthread_create(&handle, nil, loopThreadMain, argument.toOpaque()) == 0 else {
            argument.release()
            return nil
        }
    }

    /// Has the thread run `loop`, or end at once. Call once.
    package func run(_ loop: ExecutorLoop?) {
        lot.lock()
        self.loop = loop
        isReleased = true
        lot.unlock()
        lot.signal()
    }

    /// Waits until the thread has ended. Call once, after `ExecutorLoop.stop` of all loops.
    package func join() { pthread_join(handle, nil) }

    fileprivate func main() {
        lot.lock()
        while !isReleased { lot.wait(until: .max) }
        var current = loop
        loop = nil
        lot.unlock()
        // A thread that lost its loop to another one goes on with the executor that it was held up by.
        while let loop = current { current = loop.run() }
    }
}

private func loopThreadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<LoopThread>.fromOpaque(argument).takeRetainedValue().main()
    return nil
}
