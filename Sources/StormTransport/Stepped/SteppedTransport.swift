import NIOCore
package import StormCore
package import StormRuntime
import StormTopology
package import StormWire

/// `WorkerTransport` without sockets and threads, for simulation: the same handshake, frames, numbers, confirmations
/// and rules for what is lost, over bytes that somebody else carries.
// @unchecked: confined to the one thread that steps the engine, as `SteppedWire` says.
package final class SteppedTransport: TupleTransport, @unchecked Sendable {
    let configuration: TransportConfiguration
    let wire: any SteppedWire
    private(set) var receiver: (any BatchReceiver)?
    private(set) var check: BatchCheck?
    private(set) var hello: Hello?
    private var peers: [WorkerAddress: SteppedPeer] = [:]
    private var placement: [TaskID: WorkerAddress] = [:]
    private var inbound: [Int: SteppedInbound] = [:]
    private var linkByOrigin: [String: Int] = [:]
    private var unplaced: [Batch] = []
    private var nextLink = 1
    private var random: FastRandom
    private var isClosed = false
    /// Batches given back to the engine, and dropped for want of a place.
    package private(set) var framesLost = 0
    package private(set) var framesDropped = 0
    package private(set) var badFrames = 0

    package init(_ configuration: TransportConfiguration, wire: any SteppedWire, seed: UInt64) {
        self.configuration = configuration
        self.wire = wire
        random = FastRandom(seed: seed)
    }

    /// As `WorkerTransport.attach` and `start`.
    package func start(_ receiver: any BatchReceiver) {
        self.receiver = receiver
        check = BatchCheck(receiver.schema)
        hello = Hello(
            incarnation: configuration.incarnation ?? random.next(),
            fingerprint: PlanFingerprint.of(receiver.schema), streamCount: receiver.schema.streams.count,
            port: configuration.port, topologyID: configuration.topologyID, token: configuration.token,
            node: configuration.node)
    }

    package var isReady: Bool { peers.values.allSatisfy(\.isOpen) }

    func takeLink() -> Int {
        nextLink += 1
        return nextLink
    }

    func nextRandom() -> UInt64 { random.next() }

    // MARK: Data

    package func send(_ batch: Batch) {
        if !queue(batch) {
            framesDropped += 1
            batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
            batch.credit = nil
        }
    }

    /// - Returns: false when there is no room for a batch without a place.
    func queue(_ batch: Batch) -> Bool {
        if let address = placement[TaskID(batch.destinationTask)], let peer = peers[address] {
            peer.send(batch)
            return true
        }
        let bytes = unplaced.reduce(batch.byteCount) { $0 + $1.byteCount }
        guard !isClosed, bytes <= configuration.unplacedBytesMax else { return false }
        unplaced.append(batch)
        return true
    }

    func lose(_ batch: Batch) {
        framesLost += 1
        receiver?.lost(batch)
    }

    func isPlaced(_ task: Int32) -> Bool { placement[TaskID(task)].map { peers[$0] != nil } ?? false }
    func tasks(at address: WorkerAddress) -> [TaskID] { placement.filter { $0.value == address }.map(\.key).sorted() }
    func leads(_ task: Int32, to address: WorkerAddress) -> Bool { placement[TaskID(task)] == address }

    /// As `RouteTable.send` for what a peer gives up before it was sent.
    func sendElsewhere(_ batch: Batch) {
        guard isPlaced(batch.destinationTask), queue(batch) else { return lose(batch) }
    }

    // MARK: Peers

    /// As `WorkerTransport.update`.
    package func update(_ new: [TaskID: WorkerAddress]) {
        let own = WorkerAddress(node: configuration.node, host: "", port: configuration.port)
        let wanted = isClosed ? [:] : new.filter { !$0.value.isSameSlot(as: own) }
        let before = placement
        let addresses = Set(wanted.values)
        let old = peers.sorted { $0.key < $1.key }
        placement = wanted
        for (address, _) in old where !addresses.contains(address) { peers[address] = nil }
        let added = addresses.filter { peers[$0] == nil }.sorted()
        for address in added { peers[address] = SteppedPeer(address, self) }
        for address in added { peers[address]?.handle(.start) }
        let waiting = unplaced
        unplaced = []
        for batch in waiting where !queue(batch) { lose(batch) }
        for (address, peer) in old {
            let moved = before.filter { $0.value == address && wanted[$0.key] != address }.map(\.key).sorted()
            if !addresses.contains(address) { peer.end() } else if !moved.isEmpty { peer.reroute() }
            peer.tellProcessLost(moved)
        }
        receiver?.placed(new.mapValues { TaskPlace(host: $0.host, port: $0.port) })
    }

    /// As `WorkerTransport.close`, at once.
    package func close() {
        update([:])
        isClosed = true
        for batch in unplaced { lose(batch) }
        unplaced = []
        for (link, connection) in inbound.sorted(by: { $0.key < $1.key }) {
            connection.closed()
            wire.close(link: link)
        }
        inbound = [:]
        receiver = nil
    }

    // MARK: What the wire reports

    package func connected(link: Int) { peer(link)?.handle(.connected) }

    /// Another worker has connected; its end is named here.
    package func accepted() -> Int? {
        guard !isClosed, let hello, let check else { return nil }
        let link = takeLink()
        inbound[link] = SteppedInbound(self, link, hello, check)
        return link
    }

    package func received(_ bytes: [UInt8], link: Int) {
        if let connection = inbound[link] { connection.received(bytes) } else { peer(link)?.received(bytes) }
    }

    package func closed(link: Int, _ reason: String) {
        if let connection = inbound.removeValue(forKey: link) {
            connection.closed()
        } else {
            peer(link)?.handle(.broken(reason))
        }
    }

    private func peer(_ link: Int) -> SteppedPeer? { peers.values.first { $0.link == link } }

    // MARK: Accepted connections

    /// A worker has connected to here: so the way back is tried at once.
    func hurry(_ hello: Hello) {
        let slot = WorkerAddress(node: hello.node, host: "", port: hello.port)
        peers.first { $0.key.isSameSlot(as: slot) }?.value.hurry(hello.incarnation)
    }

    func supersede(_ origin: String, with link: Int) {
        if let old = linkByOrigin.updateValue(link, forKey: origin), old != link { drop(old) }
    }

    func drop(_ link: Int) {
        inbound.removeValue(forKey: link)?.closed()
        wire.close(link: link)
    }

    func countBad(_ reason: String) {
        badFrames += 1
        wire.note("bad frame: \(reason)")
    }
}
