/// Many questions, a few at a time.
enum Bounded {
    /// - Returns: the answers in the order of the items.
    static func map<Item: Sendable, Answer: Sendable>(
        _ items: [Item], atOnce: Int, _ body: @escaping @Sendable (Item) async -> Answer
    ) async -> [Answer] {
        var answers: [Answer?] = Array(repeating: nil, count: items.count)
        await withTaskGroup(of: (Int, Answer).self) { group in
            for index in items.indices.prefix(atOnce) {
                let item = items[index]
                group.addTask { (index, await body(item)) }
            }
            var next = min(atOnce, items.count)
            for await (index, answer) in group {
                answers[index] = answer
                if next < items.count {
                    let (number, item) = (next, items[next])
                    group.addTask { (number, await body(item)) }
                    next += 1
                }
            }
        }
        return answers.compactMap(\.self)
    }
}
