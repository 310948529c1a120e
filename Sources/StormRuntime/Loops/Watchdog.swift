import Glibc
import StormCore
import Synchronization

/// Called by a loop that starts to work while the watchdog sleeps.
final class WatchdogBell: Sendable {
    private let lot = ParkingLot()
    private let asleep = Atomic<Bool>(false)
    private let stopping = Atomic<Bool>(false)

    /// Whether the watchdog waits for a call. Read by loops after they published a slice: of that and `sleep`, which
    /// publishes first and looks second, one sees the other.
    @inline(__always)
    var isAsleep: Bool { asleep.load(ordering: .sequentiallyConsistent) }

    /// Any thread.
    func ring() {
        lot.lock()
        asleep.store(false, ordering: .relaxed)
        lot.unlock()
        lot.signal()
    }

    func stop() {
        stopping.store(true, ordering: .sequentiallyConsistent)
        ring()
    }

    /// Waits until `deadline`, or until `stop`. - Returns: false when stopped.
    func pause(until deadline: Int64) -> Bool {
        lot.lock()
        defer { lot.unlock() }
        if !stopping.load(ordering: .sequentiallyConsistent) { lot.wait(until: deadline) }
        return !stopping.load(ordering: .sequentiallyConsistent)
    }

    /// Waits until a loop starts to work, or until `stop`.
    /// - Parameter isStill: whether nothing has started meanwhile.
    /// - Returns: false when stopped.
    func sleep(while isStill: () -> Bool) -> Bool {
        lot.lock()
        defer { lot.unlock() }
        asleep.store(true, ordering: .sequentiallyConsistent)
        if isStill() {
            while asleep.load(ordering: .relaxed), !stopping.load(ordering: .sequentiallyConsistent) {
                lot.wait(until: .max)
            }
        }
        asleep.store(false, ordering: .relaxed)
        return !stopping.load(ordering: .sequentiallyConsistent)
    }
}

/// One thread per engine that frees the neighbours of an executor which stays long in user code.
///
/// It wakes every 20 ms while something runs, takes no part in the loops' work, and sleeps without a timer while nothing
/// runs. A slice is seen as stuck when two checks find it, so after 20 to 40 ms.
// @unchecked: `handle` is written in `init` and read by `stop` only; the rest is confined to the thread.
final class Watchdog: @unchecked Sendable {
    static let intervalNanoseconds: Int64 = 20_000_000

    private let group: LoopGroup
    private var handle = pthread_t()
    private var detector = StuckSliceDetector()

    /// Starts the thread. - Returns: nil when the system refuses it.
    init?(_ group: LoopGroup) {
        self.group = group
        let argument = Unmanaged.passRetained(self)
        guard pthread_create(&handle, nil, watchdogThreadMain, argument.toOpaque()) == 0 else {
            argument.release()
            return nil
        }
    }

    /// Ends the thread and waits for it. Call once.
    func stop() {
        group.bell.stop()
        pthread_join(handle, nil)
    }

    fileprivate func run() {
        let clock = SystemClock()
        while true {
            let loops = group.observations()
            for stuck in detector.check(loops, othersWait: { group.othersWait($0) }) { group.takeOver(stuck) }
            let mayGoOn =
                detector.isQuiet
                ? group.bell.sleep { group.observations() == loops }
                : group.bell.pause(until: clock.monotonicNanoseconds() + Self.intervalNanoseconds)
            if !mayGoOn { return }
        }
    }
}

private func watchdogThreadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<Watchdog>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}
