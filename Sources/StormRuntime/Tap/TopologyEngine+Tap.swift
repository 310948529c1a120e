import StormCore
import StormTopology

extension TopologyEngine {
    /// Begins or goes on with a tap, and answers with what it has seen after `sequence`. It ends by itself 10 s after the
    /// last call. Samples begin to come with the next batches.
    /// - Throws: `TapDesk.Refusal`.
    package func tap(
        _ query: TapQuery, after sequence: Int, topologyID: String, host: String, port: Int
    ) throws(TapDesk.Refusal) -> TapAnswer {
        let session = try taps.session(query, clock: clock)
        let schema = schema
        let inputs = topology.description[query.component]?.inputs.map(\.source) ?? []
        let tapped = executors.filter { $0.component == query.component && (!query.isInput || $0 is BoltExecutor) }
        let sessions = taps.sessions(like: query)
        for executor in tapped {
            executor.post { $0.setTap(TapProbe(sessions, schema: schema, inputs: inputs), isInput: query.isInput) }
        }
        let (samples, seen, matched, skipped, next) = session.samples(after: sequence)
        return TapAnswer(
            topologyID: topologyID, host: host, port: port, executors: tapped.count, seen: seen, matched: matched,
            skipped: skipped, next: next, samples: samples)
    }
}

extension Executor {
    fileprivate func setTap(_ tap: TapProbe, isInput: Bool) {
        guard isInput else { return emitters.forEach { $0.setTap(tap) } }
        (self as? BoltExecutor)?.tap = tap
    }
}
