/// Who can reach whom. Machines are numbers; the coordination store is one of them.
struct Connectivity {
    static let store = -2

    struct Way: Hashable {
        let from: Int
        let to: Int
    }

    private(set) var blocked: Set<Way> = []

    func isOpen(from: Int, to: Int) -> Bool { blocked.isEmpty || !blocked.contains(Way(from: from, to: to)) }

    func isOpenBothWays(_ a: Int, _ b: Int) -> Bool { isOpen(from: a, to: b) && isOpen(from: b, to: a) }

    mutating func block(_ ways: [Way]) { blocked.formUnion(ways) }
    mutating func unblock(_ ways: [Way]) { blocked.subtract(ways) }
    mutating func heal() { blocked = [] }
}
