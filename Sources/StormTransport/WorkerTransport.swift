public import Logging
public import NIOCore
import NIOPosix
public import StormCore
public import StormRuntime
public import StormWire
import Synchronization

/// Carries batches between the workers of a topology over TCP: one connection for each ordered pair of workers, batches
/// one way, confirmations the other.
///
/// ```swift
/// let transport = WorkerTransport(configuration, logger: logger)
/// let engine = TopologyEngine(topology, plan: plan, executors: mine, configuration: …, transport: transport, …)
/// transport.attach(engine)
/// try await transport.start()
/// transport.update(placement)
/// try await engine.start()
/// try await transport.ready(within: .seconds(30))
/// …
/// await engine.stop()
/// await transport.close(within: .seconds(1))
/// ```
///
/// A batch is kept until the other side has executed it. When a connection breaks, every batch without confirmation
/// goes back to the engine, which fails its trees at once; batches that were not sent yet stay queued until the peer is
/// back.
/// All methods may be called from any thread.
public final class WorkerTransport: TupleTransport {
    private struct State {
        var receiver: (any BatchReceiver)?
        var pages: PageServer?
        var shared: TransportShared?
        var server: (any Channel)?
        var placement: [TaskID: WorkerAddress] = [:]
        var isClosed = false
    }

    private let configuration: TransportConfiguration
    private let group: any EventLoopGroup
    private let ownsGroup: Bool
    private let logger: Logger
    private let incarnation: UInt64
    private let counters = TransportCounters()
    private let gate = ChangeGate()
    private let routes: RouteTable
    private let inbound = InboundRegistry()
    private let state = Mutex(State())

    /// - Parameter group: event loops for the sockets; nil: one thread of its own.
    public init(_ configuration: TransportConfiguration, group: (any EventLoopGroup)? = nil, logger: Logger) {
        self.configuration = configuration
        self.group = group ?? MultiThreadedEventLoopGroup(numberOfThreads: 1)
        ownsGroup = group == nil
        self.logger = logger
        var system = SystemRandomNumberGenerator()
        incarnation = configuration.incarnation ?? system.next()
        routes = RouteTable(unplacedBytesMax: configuration.unplacedBytesMax)
    }

    // MARK: Life

    /// Names the engine that takes the batches. Once, before `start`.
    public func attach(_ receiver: any BatchReceiver) { state.withLock { $0.receiver = receiver } }

    /// Answers HTTP on the same port with these pages. Before `start`.
    package func serve(_ source: any PageSource) { serve(source, limits: PageServer.Limits()) }

    func serve(_ source: any PageSource, limits: PageServer.Limits) {
        let pages = PageServer(source, limits: limits, logger: logger)
        state.withLock { $0.pages = pages }
    }

    /// Listens for other workers.
    /// - Throws: `TransportError`: `portInUse`, `bindFailed`, or `wrongState` when no engine is attached or it was
    ///   started or closed before.
    public func start() async throws {
        let (receiver, pages) = try state.withLock { state in
            guard let receiver = state.receiver, state.shared == nil, !state.isClosed else {
                throw TransportError(.wrongState, "the transport has no engine attached, or was started before")
            }
            return (receiver, state.pages)
        }
        let hello = Hello(
            incarnation: incarnation, fingerprint: PlanFingerprint.of(receiver.schema),
            streamCount: receiver.schema.streams.count, port: configuration.port, topologyID: configuration.topologyID,
            token: configuration.token, node: configuration.node)
        var shared = TransportShared(
            configuration: configuration, hello: hello, receiver: receiver, check: BatchCheck(receiver.schema),
            counters: counters, routes: routes, gate: gate, logger: logger,
            depot: (receiver as? any BatchDepotOwner)?.depot, pages: pages)
        let server = try await bind(shared)
        // With port 0 the port is known only now; it is what this worker is called by its peers.
        shared.hello.port = server.localAddress?.port ?? configuration.port
        let placement = state.withLock { state in
            state.shared = shared
            state.server = server
            return state.placement
        }
        logger.info("listening for workers", metadata: [LogKey.port: "\(shared.hello.port)"])
        if !placement.isEmpty { apply(placement, shared) }
    }

    private func bind(_ shared: TransportShared) async throws -> any Channel {
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.recvAllocator, value: SocketSetup.receiveAllocator)
            .childChannelInitializer { [inbound] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let pages = shared.pages {
                        try pipeline.addHandler(ConnectionSniffer(shared, inbound, pages))
                    } else {
                        try pipeline.addHandler(InboundHandler(shared, inbound, eventLoop: channel.eventLoop))
                    }
                }
            }
        for (option, value) in SocketSetup.options(silence: configuration.silenceTimeout) {
            bootstrap = bootstrap.childChannelOption(option, value: value)
        }
        do {
            return try await bootstrap.bind(host: configuration.bindHost, port: configuration.port).get()
        } catch {
            throw TransportError.binding(configuration.bindHost, configuration.port, error)
        }
    }

    /// Ends all connections: what is queued is sent, and its confirmation awaited, until `limit` has passed; what is
    /// then not confirmed goes to `lost`. The engine should have stopped before.
    public func close(within limit: Duration = .seconds(1)) async {
        let server = state.withLock { state -> (any Channel)? in
            defer {
                state.isClosed = true
                state.server = nil
            }
            return state.isClosed ? nil : state.server
        }
        // Closing a listening socket cannot fail in a way that matters here.
        if let server { try? await server.close() }
        let deadline = NIODeadline.now() + TimeAmount(limit)
        for peer in routes.removeAll() { await peer.finish(by: deadline) }
        await inbound.closeAll(forGood: true)
        // Breaks the cycle between the engine and its transport.
        state.withLock { state in
            state.receiver = nil
            state.pages = nil
            state.shared = nil
        }
        // Its loops have nothing left to run, whatever the shutdown says.
        if ownsGroup { try? await group.shutdownGracefully() }
    }

    // MARK: Peers

    /// Says where all tasks of the topology run: connects to new workers and leaves those without tasks.
    ///
    /// Batches not sent yet follow their task. For tasks that left a worker the engine is told that what the worker
    /// knew of them is lost. Before `start` the placement is kept for it. Calls must not overlap.
    public func update(_ placement: [TaskID: WorkerAddress]) {
        let shared = state.withLock { state in
            state.placement = placement
            return state.isClosed ? nil : state.shared
        }
        if let shared { apply(placement, shared) }
    }

    private func apply(_ placement: [TaskID: WorkerAddress], _ shared: TransportShared) {
        shared.receiver.placed(placement.mapValues { TaskPlace(host: $0.host, port: $0.port) })
        let own = WorkerAddress(node: configuration.node, host: "", port: shared.hello.port)
        let changes = routes.update(placement, except: { $0.isSameSlot(as: own) }) { address in
            Peer(address, shared, eventLoop: group.next())
        }
        var random = SystemRandomNumberGenerator()
        for peer in changes.new { peer.start(seed: random.next()) }
        for peer in changes.woken { peer.wake() }
        for (peer, tasks, isGone) in changes.moved {
            if isGone { peer.retire(lostTasks: tasks) } else { peer.reroute(lostTasks: tasks) }
        }
        gate.changed()
    }

    /// Waits until all workers of the placement are connected.
    /// - Throws: `TransportError.notReady` after `limit`, with the missing workers and their last faults.
    public func ready(within limit: Duration) async throws {
        let isReady = await gate.wait(on: group.any(), until: .now() + TimeAmount(limit)) { [routes] in
            routes.peers.allSatisfy(\.isOpen)
        }
        if isReady { return }
        let missing = routes.peers.filter { !$0.isOpen }.map { "\($0.address) (\($0.lastFailure ?? "no answer yet"))" }
        throw TransportError(.notReady, "not connected to: \(missing.joined(separator: "; "))")
    }

    /// Port that other workers connect to; nil unless started.
    public var localPort: Int? { state.withLock { $0.shared?.hello.port } }

    // MARK: Data

    public func send(_ batch: Batch) {
        // The batch belongs to others once it is queued.
        let tuples = batch.tupleCount
        guard routes.send(batch) == .dropped else { return }
        // Telling the engine would make it send failures to tasks that run nowhere either.
        counters.framesDropped.count()
        counters.tuplesDropped.count(tuples)
        batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
        batch.credit = nil
    }

    /// Workers that this one sends to, and how many of them are connected.
    package var peerCounts: (open: Int, all: Int) {
        let peers = routes.peers
        return (peers.count { $0.isOpen }, peers.count)
    }

    /// Counters and gauges of this moment.
    public var statistics: TransportStatistics { counters.snapshot }

    /// Breaks all connections as a cable would; they are built up again. For tests of recovery.
    package func cutConnections() {
        for peer in routes.peers { peer.cut() }
    }
}
