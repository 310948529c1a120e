package import StormCore

/// One tuple as `storm tap` shows it; in JSON the names below in lower case with underscores.
package struct TapSample: Codable, Hashable, Sendable {
    /// Counts the samples of a tap in one worker, from 1.
    package var sequence: Int
    /// When it was seen, epoch milliseconds.
    package var timeMilliseconds: Int64
    /// What emitted it.
    package var component: String
    package var stream: String
    package var task: Int
    /// Names of the fields, in order.
    package var names: [String]
    /// In the same order, at most as many; long ones are cut.
    package var values: [ConfigValue]

    enum CodingKeys: String, CodingKey {
        case component, stream, task, names, values
        case sequence = "seq"
        case timeMilliseconds = "time_ms"
    }

    package init(
        sequence: Int, timeMilliseconds: Int64, component: String, stream: String, task: Int, names: [String],
        values: [ConfigValue]
    ) {
        self.sequence = sequence
        self.timeMilliseconds = timeMilliseconds
        self.component = component
        self.stream = stream
        self.task = task
        self.names = names
        self.values = values
    }
}

/// The answer of a worker's `/tap`.
package struct TapAnswer: Codable, Sendable {
    package var topologyID: String
    package var host: String
    package var port: Int
    /// Executors here that are looked at; 0: nothing can come.
    package var executors: Int
    /// Tuples looked at so far, and those among them that the filter took.
    package var seen: Int
    package var matched: Int
    /// Samples that were overwritten before anybody asked for them.
    package var skipped: Int
    /// What to ask for next: samples after this one.
    package var next: Int
    package var samples: [TapSample]

    package init(
        topologyID: String, host: String, port: Int, executors: Int, seen: Int, matched: Int, skipped: Int, next: Int,
        samples: [TapSample]
    ) {
        self.topologyID = topologyID
        self.host = host
        self.port = port
        self.executors = executors
        self.seen = seen
        self.matched = matched
        self.skipped = skipped
        self.next = next
        self.samples = samples
    }

    enum CodingKeys: String, CodingKey {
        case host, port, executors, seen, matched, skipped, next, samples
        case topologyID = "topology_id"
    }
}
