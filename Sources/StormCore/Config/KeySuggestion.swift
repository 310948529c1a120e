/// Finds the known name that a mistyped one was meant to be.
package enum KeySuggestion {
    /// The nearest of `names`, if it is near: at most two typing errors, three in a long name. The first in order of
    /// the alphabet among equals.
    package static func nearest(to typed: String, among names: some Sequence<String>) -> String? {
        let wanted = Array(typed.lowercased().utf8)
        guard wanted.count <= 200 else { return nil }
        let limit = wanted.count < 5 ? 1 : (wanted.count < 20 ? 2 : 3)
        var best: (name: String, distance: Int)?
        for name in names {
            let distance = distance(wanted, Array(name.lowercased().utf8), limit: limit)
            guard distance <= limit else { continue }
            if let held = best, held.distance < distance || (held.distance == distance && held.name <= name) {
                continue
            }
            best = (name, distance)
        }
        return best?.name
    }

    /// How many single-letter insertions, deletions, changes and swaps of neighbours turn `a` into `b` ("optimal string
    /// alignment"); any number above `limit` means "more". Time a.count * b.count.
    static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int {
        if abs(a.count - b.count) > limit { return limit + 1 }
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            row.reserveCapacity(b.count + 1)
            for j in 1...b.count {
                let change = a[i - 1] == b[j - 1] ? 0 : 1
                var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    cost = min(cost, beforeLast[j - 2] + 1)
                }
                row.append(cost)
            }
            if row.min()! > limit { return limit + 1 }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
