import StormCluster
import StormCore
import StormThrift

/// The pages of a topology and of its components, from what workers report. Pure.
struct PageBuilder {
    let report: TopologyReport
    /// Ids of the spouts; every other component is a bolt.
    let spouts: Set<String>
    let includeSystem: Bool
    /// By component.
    let lastErrors: [String: ErrorRecord]

    private var base: StormBaseRecord { report.base }

    private func type(_ component: String) -> Thrift.ComponentType { spouts.contains(component) ? .spout : .bolt }

    private func isShown(_ component: String) -> Bool { includeSystem || !StatisticsWindow.isSystem(component) }

    private func executors(of component: String) -> [ExecutorReport] {
        report.executors.filter { $0.component == component }
    }

    // MARK: topology

    /// Of all components of that kind, scheduled or not.
    func components(_ wanted: Thrift.ComponentType, window: String) -> [String: Thrift.ComponentAggregateStats] {
        var found: [String: Thrift.ComponentAggregateStats] = [:]
        for component in base.componentTasks.keys where type(component) == wanted && isShown(component) {
            found[component] = aggregate(component, window: window, lastError: lastErrors[component])
        }
        return found
    }

    /// Emitted and transferred of all components; acked, failed and the latency of spouts: those are of whole trees.
    var topologyStats: Thrift.TopologyStats {
        var stats = Thrift.TopologyStats(
            windowToEmitted: [:], windowToTransferred: [:], windowToCompleteLatenciesMs: [:], windowToAcked: [:],
            windowToFailed: [:])
        let shown = report.executors.filter { isShown($0.component) }
        let ofSpouts = shown.filter { spouts.contains($0.component) }
        for window in StatisticsWindow.all {
            let all = ExecutorTotals(shown, window: window, includeSystem: includeSystem)
            let trees = ExecutorTotals(ofSpouts, window: window, includeSystem: includeSystem)
            stats.windowToEmitted?[window] = all.emitted
            stats.windowToTransferred?[window] = all.transferred
            stats.windowToAcked?[window] = trees.acked
            stats.windowToFailed?[window] = trees.failed
            stats.windowToCompleteLatenciesMs?[window] = trees.complete.value
        }
        return stats
    }

    // MARK: component

    private func aggregate(
        _ component: String, window: String, lastError: ErrorRecord? = nil
    ) -> Thrift.ComponentAggregateStats {
        var totals = ExecutorTotals(executors(of: component), window: window, includeSystem: includeSystem)
        totals.executors = base.componentExecutors[component] ?? base.componentTasks[component] ?? 0
        totals.tasks = base.componentTasks[component] ?? 0
        return totals.stats(type(component), lastError: lastError)
    }

    /// - Parameter component: one of the topology.
    func componentPage(_ component: String, window: String) -> Thrift.ComponentPageInfo {
        var page = Thrift.ComponentPageInfo(componentID: component, componentType: type(component))
        page.topologyID = base.id
        page.topologyName = base.name
        page.topologyStatus = base.status.rawValue
        page.numExecutors = Int32(clamping: base.componentExecutors[component] ?? 0)
        page.numTasks = Int32(clamping: base.componentTasks[component] ?? 0)
        page.windowToStats = Dictionary(
            uniqueKeysWithValues: StatisticsWindow.all.map { ($0, aggregate(component, window: $0)) })
        let own = executors(of: component)
        if page.componentType == .bolt { page.gsidToInputStats = inputs(own, window: window) }
        page.sidToOutputStats = outputs(own, window: window, page.componentType)
        page.execStats = own.map { executor in
            let totals = ExecutorTotals([executor], window: window, includeSystem: includeSystem)
            return Thrift.ExecutorAggregateStats(
                execSummary: TopologyReport.summary(executor), stats: totals.stats(page.componentType))
        }
        page.debugOptions = base.debug?[component].map { .init(enable: $0.enabled, samplingPercent: $0.percent) }
        return page
    }

    private func inputs(
        _ executors: [ExecutorReport], window: String
    ) -> [Thrift.GlobalStreamId: Thrift.ComponentAggregateStats] {
        let counts = executors.compactMap { $0.beat?.counts(in: window) }
        let names = Set(counts.flatMap { [$0.executed, $0.acked, $0.failed].flatMap(\.keys) })
        var found: [Thrift.GlobalStreamId: Thrift.ComponentAggregateStats] = [:]
        for name in names {
            let stream = SummaryBuilder.stream(name)
            guard isShown(stream.streamID), isShown(stream.componentID) else { continue }
            var totals = ExecutorTotals()
            for one in counts { totals.add(one.inputsOnly) { $0 == name } }
            found[stream] = totals.stats(.bolt)
        }
        return found
    }

    private func outputs(
        _ executors: [ExecutorReport], window: String, _ type: Thrift.ComponentType
    ) -> [String: Thrift.ComponentAggregateStats] {
        let counts = executors.compactMap { $0.beat?.counts(in: window) }
        var names = Set(counts.flatMap { [$0.emitted, $0.transferred].flatMap(\.keys) })
        if type == .spout { names.formUnion(counts.flatMap { [$0.acked, $0.failed].flatMap(\.keys) }) }
        var found: [String: Thrift.ComponentAggregateStats] = [:]
        for name in names where isShown(name) {
            var totals = ExecutorTotals()
            for one in counts { totals.add(type == .spout ? one : one.outputsOnly) { $0 == name } }
            found[name] = totals.stats(type)
        }
        return found
    }
}

extension ExecutorCounts {
    /// Of a bolt: without what it emits, whose names are of another kind.
    fileprivate var inputsOnly: ExecutorCounts {
        var copy = self
        copy.emitted = [:]
        copy.transferred = [:]
        return copy
    }

    /// Of a bolt: only what it emits.
    fileprivate var outputsOnly: ExecutorCounts {
        var copy = ExecutorCounts()
        copy.emitted = emitted
        copy.transferred = transferred
        return copy
    }
}
