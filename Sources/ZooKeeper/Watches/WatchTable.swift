/// Which list of server-side watches: data watches come from `get` and `exists`, child watches from `children`.
enum WatchKind: Int32, Hashable, Sendable {
    // The raw values are ZooKeeper's own numbers (ZooWatcherType).
    case children = 1
    case data = 2
}

struct WatchKey: Hashable, Sendable {
    /// Absolute, i.e. with the chroot.
    let path: String
    let kind: WatchKind
}

/// A watch that a call asks for together with its read.
struct WatchRequest: Sendable {
    let key: WatchKey
    let waiter: WatchWaiter
    /// `exists` sets its watch on a missing node too.
    let isSetWhenMissing: Bool
}

/// Who waits for which event on one handle.
///
/// The C library and the server keep one watch for each path and kind, however often it is asked for; here it is fanned
/// out. That bounds their memory by the number of paths, and lets a watch be removed when its last waiter has gone.
/// Answers and events reach the table in the order the server sent them (the library has one callback thread), so
/// a waiter that is added by its answer sees exactly the events that come after it.
struct WatchTable {
    private struct Entry {
        var waiters: [ObjectIdentifier: WatchWaiter] = [:]
        /// Reads under way that will set the watch again: it must not be removed meanwhile.
        var pending = 0
        /// Whether the server may have our watch.
        var isSet = false
    }

    private var entries: [WatchKey: Entry] = [:]

    var count: Int { entries.count }
    var waiterCount: Int { entries.values.reduce(0) { $0 + $1.waiters.count } }

    /// A read that sets `key` is about to be sent.
    mutating func willSet(_ key: WatchKey) { entries[key, default: Entry()].pending += 1 }

    /// That read was answered: the watch is set and `waiter` waits for it (`nil`: nobody does any more).
    /// Returns whether the watch should now be removed from the server.
    mutating func wasSet(_ key: WatchKey, _ waiter: WatchWaiter?) -> Bool {
        guard entries[key] != nil else { return false }
        entries[key]!.pending -= 1
        entries[key]!.isSet = true
        if let waiter { entries[key]!.waiters[ObjectIdentifier(waiter)] = waiter }
        return dropIfUnused(key)
    }

    /// That read failed, so it set no watch.
    mutating func wasNotSet(_ key: WatchKey) -> Bool {
        guard entries[key] != nil else { return false }
        entries[key]!.pending -= 1
        return dropIfUnused(key)
    }

    /// `waiter` no longer waits.
    mutating func cancel(_ key: WatchKey, _ waiter: WatchWaiter) -> Bool {
        guard entries[key]?.waiters.removeValue(forKey: ObjectIdentifier(waiter)) != nil else { return false }
        return dropIfUnused(key)
    }

    /// The watch has fired, and with that is gone; returns those who waited.
    mutating func fire(_ key: WatchKey) -> [WatchWaiter] {
        guard let entry = entries[key] else { return [] }
        if entry.pending == 0 {
            entries[key] = nil
        } else {
            entries[key]!.waiters = [:]
            entries[key]!.isSet = false
        }
        return Array(entry.waiters.values)
    }

    /// Takes everybody out, at the session's end.
    mutating func drain() -> [WatchWaiter] {
        defer { entries = [:] }
        return entries.values.flatMap { $0.waiters.values }
    }

    private mutating func dropIfUnused(_ key: WatchKey) -> Bool {
        guard let entry = entries[key], entry.waiters.isEmpty, entry.pending == 0 else { return false }
        entries[key] = nil
        return entry.isSet
    }
}
