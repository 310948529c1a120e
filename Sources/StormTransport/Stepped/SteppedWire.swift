/// The network that a `SteppedTransport` is in. A link is one end of a connection; its number is the transport's own.
///
/// Everything is asked for and reported on the one thread that steps the engine.
package protocol SteppedWire: AnyObject, Sendable {
    /// Begins a connection to the worker there: `connected` or `closed` follows.
    func connect(to address: WorkerAddress, link: Int, of transport: SteppedTransport)
    /// Sends bytes, in order; they may get lost with the connection only.
    func send(_ bytes: [UInt8], link: Int)
    /// Nothing is reported of the link any more.
    func close(link: Int)
    /// Monotonic.
    var nowNanoseconds: Int64 { get }
    func after(milliseconds: Int, _ body: @escaping @Sendable () -> Void)
    func note(_ line: String)
}
