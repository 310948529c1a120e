/// Unicode scalars as ranges. Classes are ASCII's, as in the C locale.
struct ScalarSet: Hashable {
    private var ranges: [ClosedRange<UInt32>] = []

    init() {}
    init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }
    private init(_ ranges: ClosedRange<Unicode.Scalar>...) {
        for range in ranges { insert(range) }
    }

    /// - Complexity: O(ranges), of which an expression has no more than characters.
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        for range in ranges where range.contains(scalar.value) { return true }
        return false
    }

    mutating func insert(_ range: ClosedRange<Unicode.Scalar>) {
        ranges.append(range.lowerBound.value...range.upperBound.value)
    }

    mutating func insert(_ other: ScalarSet) { ranges += other.ranges }

    /// All others.
    var opposite: ScalarSet {
        var set = ScalarSet()
        var first: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > first { set.ranges.append(first...(range.lowerBound - 1)) }
            first = max(first, range.upperBound + 1)
        }
        if first <= Self.last { set.ranges.append(first...Self.last) }
        return set
    }

    private static let last: UInt32 = 0x10FFFF

    static let any = ScalarSet().opposite
    static let digits = ScalarSet("0"..."9")
    static let letters = ScalarSet("a"..."z", "A"..."Z")
    static let word = ScalarSet("a"..."z", "A"..."Z", "0"..."9", "_"..."_")
    static let space = ScalarSet("\t"..."\r", " "..." ")

    /// What stands behind a backslash and is no scalar itself.
    static let escaped: [Unicode.Scalar: ScalarSet] = [
        "d": digits, "D": digits.opposite, "w": word, "W": word.opposite, "s": space, "S": space.opposite,
        "t": ScalarSet("\t"),
    ]

    /// POSIX' classes.
    static let named: [String: ScalarSet] = [
        "alpha": letters, "digit": digits, "alnum": ScalarSet("a"..."z", "A"..."Z", "0"..."9"),
        "lower": ScalarSet("a"..."z"), "upper": ScalarSet("A"..."Z"), "space": space,
        "blank": ScalarSet("\t"..."\t", " "..." "), "punct": ScalarSet("!"..."/", ":"..."@", "["..."`", "{"..."~"),
        "xdigit": ScalarSet("0"..."9", "a"..."f", "A"..."F"), "cntrl": ScalarSet("\0"..."\u{1F}", "\u{7F}"..."\u{7F}"),
        "print": ScalarSet(" "..."~"), "graph": ScalarSet("!"..."~"),
    ]
}
