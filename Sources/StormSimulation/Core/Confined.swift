import Glibc

/// State of one simulation. Only the simulation's thread uses it, which is checked.
// @unchecked: the simulation runs everything on one thread (`SimulatedThread`); each access makes sure of that.
final class Confined<Value>: @unchecked Sendable {
    private var value: Value
    private let thread = pthread_self()

    init(_ value: Value) { self.value = value }

    var it: Value {
        _read {
            check()
            yield value
        }
        _modify {
            check()
            yield &value
        }
    }

    private func check() {
        precondition(
            pthread_equal(thread, pthread_self()) != 0, "something of a simulation ran outside of its thread")
    }
}
