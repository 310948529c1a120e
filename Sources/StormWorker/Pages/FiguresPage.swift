import StormCore
import StormProcess
import StormRuntime

/// `/figures`: a `WorkerFigures`.
struct FiguresPage: WorkerPage {
    static let path = "/figures"
    static let title = "counters of each executor, processor time and memory, as of now"

    func page(_ view: WorkerView, query: [String: String]) async -> Page {
        let executors = await view.engine.figures()
        let usage = ProcessUsage.read(pid: Int32(view.pid))
        return .json(
            WorkerFigures(
                topologyID: view.topologyID, host: view.host, port: view.port, pid: view.pid,
                timeMilliseconds: view.clock.epochMilliseconds(), clockNanoseconds: view.clock.monotonicNanoseconds(),
                uptimeSeconds: view.uptimeSeconds, cpuSeconds: usage?.cpuSeconds ?? 0,
                residentBytes: usage?.residentBytes ?? 0, machine: MachineUsage.read().map(MachineFigures.init),
                executors: executors))
    }
}

extension MachineFigures {
    init(_ usage: MachineUsage) {
        self.init(
            cores: usage.cores, busySeconds: usage.busySeconds, memoryBytes: usage.memoryBytes,
            memoryAvailableBytes: usage.memoryAvailableBytes)
    }
}
