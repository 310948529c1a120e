/// Many small questions at a time.
enum Concurrently {
    private static let questionsMax = 64

    /// - Returns: the answers, in the order of the items.
    static func map<Item: Sendable, Answer: Sendable>(
        _ items: [Item], _ ask: @escaping @Sendable (Item) async throws -> Answer
    ) async throws -> [Answer] {
        try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            var answers: [Int: Answer] = [:]
            for (index, item) in items.enumerated() {
                if index >= questionsMax, let (number, answer) = try await group.next() { answers[number] = answer }
                group.addTask { (index, try await ask(item)) }
            }
            for try await (number, answer) in group { answers[number] = answer }
            return items.indices.compactMap { answers[$0] }
        }
    }
}
