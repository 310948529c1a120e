/// What the measuring process asks of a worker process, one line each.
enum Request: Codable, Sendable {
    /// First: builds the worker and listens. Answer: `port`.
    case listen(RunSpecification, index: Int)
    /// All ports, by worker: connects and opens the components. Answer: `done`.
    case start([Int])
    case setActive(Bool)
    /// Answer: `sample`.
    case sample
    /// Answer: `done`, and the process ends.
    case stop
}

enum Answer: Codable, Sendable {
    case port(Int)
    case done
    case sample(Sample)
    case failed(String)
}
