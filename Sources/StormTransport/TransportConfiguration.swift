import StormWire

/// What a worker's transport has to know. The defaults follow Storm's `storm.messaging.netty.*` where it has a key.
public struct TransportConfiguration: Sendable {
    /// `name-number-epochsecs`; peers of another topology are refused.
    public var topologyID: String
    /// Id of this machine's supervisor.
    public var node: String
    /// Address to listen on.
    public var bindHost: String
    /// Port to listen on; 0 takes a free one (tests).
    public var port: Int
    /// Shared secret of the topology's workers; empty on both sides means none. It travels in clear.
    public var token: String
    /// Pauses between attempts to connect double from the first to the second
    /// (`storm.messaging.netty.min_wait_ms`, `max_wait_ms`).
    public var reconnectMinMilliseconds = 50
    public var reconnectMaxMilliseconds = 1000
    public var connectTimeout: Duration = .seconds(3)
    /// Longest time from an established connection to the end of the handshake.
    public var handshakeTimeout: Duration = .seconds(5)
    /// Longest time from the first byte of a frame to its last one.
    public var frameTimeout: Duration = .seconds(30)
    /// After so long without an answer from the other machine's kernel a connection counts as broken.
    public var silenceTimeout: Duration = .seconds(10)
    /// A longer frame closes the connection.
    public var maxFrameBytes = BatchLayout.maxFrameBytes
    /// What may wait here for tasks that run nowhere just now; beyond it, batches are dropped and counted.
    public var unplacedBytesMax = 32 << 20
    /// Names this process among all that ever listen at its address; nil: random.
    public var incarnation: UInt64?

    public init(topologyID: String, node: String, bindHost: String = "0.0.0.0", port: Int, token: String) {
        self.topologyID = topologyID
        self.node = node
        self.bindHost = bindHost
        self.port = port
        self.token = token
    }
}
