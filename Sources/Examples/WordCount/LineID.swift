/// What names a line in the whole topology: the spout task that reads it, and its number there.
struct LineID: Hashable {
    private static let numberBits = 40

    let rawValue: Int

    init(rawValue: Int) { self.rawValue = rawValue }
    init(spout: Int, number: Int) { rawValue = spout << Self.numberBits | number }

    /// Index of the spout task.
    var spout: Int { rawValue >> Self.numberBits }
    var number: Int { rawValue & (1 << Self.numberBits - 1) }
}
