/// What a tap wants after a tuple.
package enum TapVerdict: Sendable {
    case more
    /// Nothing more of this batch.
    case enough
    /// Nothing more until it is put on again.
    case rest
}

/// Looks at encoded tuples of one executor while somebody asks for samples (`storm tap`).
///
/// An executor without a tap compares one word per batch. Called on the executor's loop; must not block.
package protocol TupleTap: AnyObject {
    /// Before the tuples of a batch. - Returns: whether it wants to see them.
    func begin() -> TapVerdict
    /// Whether it wants tuples of this stream, by its number in the plan.
    func wants(stream: Int) -> Bool
    /// - Parameter record: an encoded tuple, valid during the call.
    func look(at record: UnsafeRawPointer, from task: Int32) -> TapVerdict
}
