/// A thread that hands over all that Swift concurrency would run elsewhere: the seam to the C library that makes one.
package protocol SimulatedThread: Sendable {
    /// From here on until `end` jobs of the calling thread go to `sink`, its clocks show what `setTime` says, and its
    /// random bytes come from the seed.
    func begin(_ sink: any JobSink, seed: UInt64)
    func end()
    /// Runs a job until it suspends; once.
    func run(_ job: Job)
    func setTime(monotonicNanoseconds: Int64, epochNanoseconds: Int64)
    /// Whether the file system has room; without, flushing a file fails.
    func setDiskFull(_ isFull: Bool)
}

/// A piece of asynchronous work between two suspensions.
package struct Job: @unchecked Sendable {
    // @unchecked: a number to everybody but the runtime, which gets it back once.
    package let pointer: UnsafeMutableRawPointer

    package init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
}

package protocol JobSink: AnyObject, Sendable {
    func enqueue(_ job: Job)
    func enqueue(_ job: Job, atNanoseconds time: Int64)
}
