import NIOCore
import Synchronization

/// The places that connections for pages take, bounded: one for each connection that is open or whose page is still being
/// made. When all are taken, whoever has had one longest without a whole request gives it up, so that strangers who say
/// nothing keep nobody out. Any thread.
final class PagePlaces: Sendable {
    private struct Place {
        /// Who came first has the lowest.
        var number: Int
        var channel: any Channel
        var isOpen = true
        var hasRequest = false
        /// Its page is being made.
        var isWorking = false
    }

    private struct State {
        var places: [ObjectIdentifier: Place] = [:]
        var next = 0
    }

    private let max: Int
    private let state = Mutex(State())

    init(max: Int) { self.max = max }

    /// Takes a place until the channel is closed.
    /// - Returns: false when all are taken by requests.
    func enter(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let (isIn, given) = state.withLock { state -> (Bool, (any Channel)?) in
            var given: (any Channel)?
            if state.places.count >= max {
                let idle = state.places.filter { !$0.value.hasRequest }.min { $0.value.number < $1.value.number }
                guard let idle else { return (false, nil) }
                state.places[idle.key] = nil
                given = idle.value.channel
            }
            state.next += 1
            state.places[id] = Place(number: state.next, channel: channel)
            return (true, given)
        }
        given?.close(promise: nil)
        if isIn { channel.closeFuture.whenComplete { _ in self.leave(id) } }
        return isIn
    }

    /// The whole request is there; its page is being made until `worked`, whatever becomes of the connection.
    /// - Returns: what `worked` wants; nil: the place was given to somebody else, and the connection closes.
    func works(_ channel: any Channel) -> ObjectIdentifier? {
        let id = ObjectIdentifier(channel)
        return state.withLock { state in
            guard state.places[id] != nil else { return nil }
            state.places[id]?.hasRequest = true
            state.places[id]?.isWorking = true
            return id
        }
    }

    func worked(_ id: ObjectIdentifier) {
        state.withLock { state in
            state.places[id]?.isWorking = false
            if state.places[id]?.isOpen == false { state.places[id] = nil }
        }
    }

    private func leave(_ id: ObjectIdentifier) {
        state.withLock { state in
            state.places[id]?.isOpen = false
            if state.places[id]?.isWorking == false { state.places[id] = nil }
        }
    }
}
