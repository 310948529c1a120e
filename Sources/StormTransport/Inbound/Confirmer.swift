import NIOCore
import StormWire
import Synchronization

/// Collects the numbers of executed frames of one connection and has them sent back. Any thread.
///
/// Bounded by the frames under way. The event loop is woken for the first number only.
final class Confirmer: CreditHolder {
    private let numbers = Mutex<[UInt64]?>([])
    private let eventLoop: any EventLoop
    private let handler: NIOLoopBoundBox<InboundHandler?>

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        handler = .makeEmptyBox(eventLoop: eventLoop)
    }

    /// - Parameter sequence: the frame's number on its connection.
    func returnCredit(_ bytes: Int, sequence: UInt64) {
        let isFirst = numbers.withLock { list in
            list?.append(sequence)
            return list?.count == 1
        }
        guard isFirst else { return }
        eventLoop.execute { self.handler.value?.sendConfirmations() }
    }

    /// Everything collected, which is then forgotten.
    func takeAll() -> [UInt64] {
        numbers.withLock { list in
            let all = list ?? []
            if list != nil { list?.removeAll() }
            return all
        }
    }

    /// Event loop only.
    func attach(_ handler: InboundHandler) { self.handler.value = handler }

    /// Event loop only: the connection is gone; nobody waits for confirmations any more.
    func close() {
        numbers.withLock { $0 = nil }
        handler.value = nil
    }
}
