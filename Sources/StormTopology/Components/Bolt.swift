/// A step: takes tuples, emits tuples, and acks or fails each tuple that it took, at once or later.
///
/// One object per task; all calls come from the one executor that owns the task, never two at once.
///
/// An error out of `execute` fails the tuple (if it is not settled yet), is reported, and the bolt goes on; with
/// `topology.bolt.exception: crash` it ends the worker, as in Storm. A field that is not there, or an emit that cannot be
/// carried out, counts as such an error (see `Tuple`).
public protocol Bolt: AnyObject, SendableMetatype {
    static var outputs: Outputs { get }

    /// Before the first tuple. An error stops the worker, which is then restarted with back-off.
    func prepare(_ context: TaskContext, _ out: Collector) throws
    func execute(_ tuple: Tuple, _ out: Collector) throws
    /// A tick of `topology.tick.tuple.freq.secs`. Unless implemented, ticks come to `execute` as in Storm.
    func tick(_ tuple: Tuple, _ out: Collector) throws
    /// On an orderly stop only; not after `kill -9`.
    func cleanup()
}

extension Bolt {
    public static var outputs: Outputs { [] }
    public func prepare(_ context: TaskContext, _ out: Collector) throws {}
    public func tick(_ tuple: Tuple, _ out: Collector) throws { try execute(tuple, out) }
    public func cleanup() {}
}

/// A bolt that anchors and acks by itself: each tuple is acked when `execute` returns and failed when it throws; all that
/// it emits meanwhile is anchored to that tuple.
public protocol BasicBolt: AnyObject, SendableMetatype {
    static var outputs: Outputs { get }

    func prepare(_ context: TaskContext) throws
    func execute(_ tuple: Tuple, _ out: BasicCollector) throws
    /// A tick of `topology.tick.tuple.freq.secs`. Unless implemented, ticks come to `execute` as in Storm.
    func tick(_ tuple: Tuple, _ out: BasicCollector) throws
    func cleanup()
}

extension BasicBolt {
    public static var outputs: Outputs { [] }
    public func prepare(_ context: TaskContext) throws {}
    public func tick(_ tuple: Tuple, _ out: BasicCollector) throws { try execute(tuple, out) }
    public func cleanup() {}
}

/// Thrown by a bolt to fail the tuple without the error being reported: an expected failure, as Storm's FailedException.
public struct FailedError: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String = "failed by the bolt") { self.description = description }
}
