/// Whom to call, kept behind a lock. A type of its own: a bare function in a `Mutex` is wrapped once more by each access, without
/// end, and every call goes through all the wrappings (Swift 6.3, with and without optimisation).
package struct Callback: Sendable {
    let body: @Sendable () -> Void

    package init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    package func callAsFunction() { body() }
}
