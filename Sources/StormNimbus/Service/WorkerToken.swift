/// The secret by which the workers of a topology know each other.
enum WorkerToken {
    /// 128 random bits from the system, in hexadecimal.
    static func make() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
