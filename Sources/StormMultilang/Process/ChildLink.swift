import CStormSystem
import Glibc
import StormTopology
import Synchronization

/// What an executor and the thread that serves its child hand each other. Bounded both ways: the executor sends while there
/// is room, and the thread reads on only while the executor takes what came.
final class ChildLink: Sendable {
    /// Most bytes that wait for the executor before the child is not read any further.
    static let inboundBytesMax = 1 << 20
    /// The executor hands over no tuple while more bytes wait for the child.
    static let outboundBytesMax = 1 << 20

    /// Where a child speaks the protocol.
    enum Place {
        /// It has not said hello.
        case open
        /// On its standard input and output.
        case standard
        case channel
    }

    /// Some messages to the child.
    struct Chunk {
        var bytes: ArraySlice<UInt8>
        let tuples: Int
    }

    private struct State {
        var outbound: [Chunk] = []
        var inbound: [UInt8] = []
        /// Why the child ended; until the executor has released it.
        var end: String?
        /// Why the executor wants it ended.
        var condemned: String?
        /// A child runs: what is sent now is for it.
        var isUp = false
        /// Where it speaks; it chooses once.
        var place = Place.open
        var isStopping = false
        /// The executor cannot carry out what it has taken: the child may have to wait for it.
        var isHeldUp = false
        var waiting = WaitingTime()

        /// After each change of what waits here.
        mutating func noteWaiting() { waiting.set(isHeldUp || !inbound.isEmpty, now: Monotonic.now) }
    }

    private let state = Mutex(State())
    private let handler = Mutex(Callback {})
    private let eventDescriptor: Int32
    private let unsentTupleCount = Atomic<Int>(0)
    private let unsentByteCount = Atomic<Int>(0)
    private let wantsRoom = Atomic<Bool>(false)
    /// Since when commands are with the child that it has not answered; 0: there are none.
    private let answerDue = Atomic<Int64>(0)
    /// When a whole message of the child was taken last; 0: none yet.
    private let heardAt = Atomic<Int64>(0)
    private let childBusy = Atomic<Bool>(false)
    /// `State.isHeldUp`, to be compared without the lock.
    private let heldUp = Atomic<Bool>(false)

    init() throws(MultilangError) {
        eventDescriptor = storm_eventfd()
        guard eventDescriptor >= 0 else { throw MultilangError("no descriptor for a child process; see ulimit -n") }
    }

    deinit { close(eventDescriptor) }

    // MARK: The executor's side

    func setHandler(_ body: @escaping @Sendable () -> Void) { handler.withLock { $0 = Callback(body) } }
    /// Calls the handler. Any thread.
    func notify() { handler.withLock { $0 }() }

    /// Tuples that are not in the child's pipe yet.
    var unsentTuples: Int { unsentTupleCount.load(ordering: .relaxed) }
    var unsentBytes: Int { unsentByteCount.load(ordering: .relaxed) }

    /// Has the handler called when all that was sent is in the pipe.
    func awaitRoom() {
        wantsRoom.store(true, ordering: .sequentiallyConsistent)
        if unsentByteCount.load(ordering: .sequentiallyConsistent) == 0 { giveRoom() }
    }

    private func giveRoom() {
        if wantsRoom.exchange(false, ordering: .sequentiallyConsistent) { notify() }
    }

    /// Sends whole messages; forgets them if no child runs.
    func send(_ bytes: [UInt8], tuples: Int) {
        let isSent = state.withLock { state in
            guard state.isUp, !bytes.isEmpty else { return false }
            unsentTupleCount.add(tuples, ordering: .relaxed)
            unsentByteCount.add(bytes.count, ordering: .sequentiallyConsistent)
            state.outbound.append(Chunk(bytes: bytes[...], tuples: tuples))
            return true
        }
        if isSent { wake() }
    }

    /// Says whether the child owes an answer, and whether the executor does. After each turn.
    /// - Parameter isBusy: the child has so much to do that what it writes may wait a little.
    func note(awaitsAnswer: Bool, isHeldUp: Bool, isBusy: Bool = false) {
        childBusy.store(isBusy, ordering: .relaxed)
        if !awaitsAnswer {
            answerDue.store(0, ordering: .relaxed)
        } else if answerDue.load(ordering: .relaxed) == 0 {
            answerDue.store(Monotonic.now, ordering: .relaxed)
        }
        if heldUp.exchange(isHeldUp, ordering: .relaxed) != isHeldUp {
            state.withLock { state in
                state.isHeldUp = isHeldUp
                state.noteWaiting()
            }
        }
    }

    /// Says that a message came: bytes alone are no sign of life. Once a turn.
    func noteMessage() {
        let isFirst = heardAt.exchange(Monotonic.now, ordering: .relaxed) == 0
        // The thread waits for the first one in another way than for all others.
        if isFirst { wake() }
    }

    /// What the child wrote since, and where; and, after its last bytes, why it ended.
    func take() -> (bytes: [UInt8], place: Place, end: String?) {
        let taken = state.withLock { state in
            defer {
                state.inbound = []
                state.noteWaiting()
            }
            return (bytes: state.inbound, place: state.place, end: state.end)
        }
        if taken.bytes.count >= Self.inboundBytesMax { wake() }
        return taken
    }

    /// The child has said hello on its standard output. - Returns: false: it has been speaking on the channel.
    func settleStandard() -> Bool {
        state.withLock { state in
            if state.place == .open { state.place = .standard }
            return state.place == .standard
        }
    }

    var hasNews: Bool { state.withLock { !$0.inbound.isEmpty || $0.end != nil } }

    /// Has the child ended because of what it did.
    func condemn(_ reason: String) {
        state.withLock { $0.condemned = $0.condemned ?? reason }
        wake()
    }

    /// The executor has heard of the child's end: another one may be started.
    func release() {
        state.withLock { $0.end = nil }
        wake()
    }

    /// No child any more.
    func stop() {
        state.withLock { $0.isStopping = true }
        wake()
    }

    // MARK: The serving thread's side

    /// To wait for; readable after `wake`.
    var descriptor: Int32 { eventDescriptor }
    func wake() { _ = storm_eventfd_signal(eventDescriptor) }  // fails only when a wake-up is pending anyway
    func clearWake() { _ = storm_eventfd_clear(eventDescriptor) }

    var isStopping: Bool { state.withLock { $0.isStopping } }
    var condemned: String? { state.withLock { $0.condemned } }
    /// Nil: the child owes no answer.
    var awaitsAnswerSince: Int64? {
        let since = answerDue.load(ordering: .relaxed)
        return since == 0 ? nil : since
    }
    var isChildBusy: Bool { childBusy.load(ordering: .relaxed) }
    /// When it was heard last; nil: not yet.
    var lastMessage: Int64? {
        let time = heardAt.load(ordering: .relaxed)
        return time == 0 ? nil : time
    }
    /// For how long what children wrote has waited here, all in all: they may have waited for an answer to it.
    func keptWaitingNanoseconds(now: Int64) -> Int64 { state.withLock { $0.waiting.nanoseconds(now: now) } }
    var isReleased: Bool { state.withLock { $0.end == nil } }
    var canReceive: Bool { state.withLock { $0.inbound.count < Self.inboundBytesMax } }

    /// A child has started. - Parameter first: what it is told first.
    func begin(_ first: [UInt8]) {
        note(awaitsAnswer: false, isHeldUp: false)
        heardAt.store(0, ordering: .relaxed)
        state.withLock { state in
            state.isUp = true
            state.place = .open
            state.condemned = nil
            unsentByteCount.add(first.count, ordering: .sequentiallyConsistent)
            state.outbound = [Chunk(bytes: first[...], tuples: 0)]
        }
    }

    var place: Place { state.withLock { $0.place } }

    /// The child speaks on the channel. - Returns: what it has printed and nobody has taken; nil: it speaks elsewhere.
    func settleChannel() -> [UInt8]? {
        state.withLock { state -> [UInt8]? in
            guard state.place == .open else { return nil }
            state.place = .channel
            defer {
                state.inbound = []
                state.noteWaiting()
            }
            return state.inbound
        }
    }

    func received(_ bytes: [UInt8]) {
        state.withLock { state in
            if state.inbound.isEmpty { state.inbound = bytes } else { state.inbound.append(contentsOf: bytes) }
            state.noteWaiting()
        }
        notify()
    }

    /// The child is gone, and so is what it had not read.
    func ended(_ reason: String) {
        state.withLock { state in
            state.isUp = false
            state.outbound = []
            state.end = reason
            unsentTupleCount.store(0, ordering: .relaxed)
            unsentByteCount.store(0, ordering: .sequentiallyConsistent)
        }
        notify()
    }

    /// Appends a message of the serving thread's own.
    func sendOwn(_ bytes: [UInt8]) {
        state.withLock { state in
            unsentByteCount.add(bytes.count, ordering: .sequentiallyConsistent)
            state.outbound.append(Chunk(bytes: bytes[...], tuples: 0))
        }
    }

    var hasOutbound: Bool { state.withLock { !$0.outbound.isEmpty } }

    /// Writes what the child's pipe takes. - Returns: false when the child does not read any more.
    func writeOutbound(_ write: (ArraySlice<UInt8>) -> Int?) -> Bool {
        while let chunk = state.withLock({ $0.outbound.first }) {
            guard let count = write(chunk.bytes) else { return false }
            let isWhole = count == chunk.bytes.count
            state.withLock { state in
                // Only this thread takes chunks away.
                if isWhole { state.outbound.removeFirst() } else { state.outbound[0].bytes.removeFirst(count) }
            }
            if isWhole { unsentTupleCount.subtract(chunk.tuples, ordering: .relaxed) }
            let left = unsentByteCount.subtract(count, ordering: .sequentiallyConsistent).newValue
            if left == 0 { giveRoom() }
            if !isWhole { return true }
        }
        return true
    }
}
