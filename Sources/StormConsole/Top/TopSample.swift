package import StormRuntime

extension WorkerFigures: WorkerAnswer {
    package var silentTasks: [Int] { [] }
}

/// What one topology's workers said at one moment.
package struct TopSample: Sendable {
    package var name: String
    package var id: String
    package var status: String
    package var uptimeSeconds: Int
    package var wantedWorkers: Int
    package var workers: [WorkerSurvey<WorkerFigures>.Worker]
    package var missing: [WorkerSurvey<WorkerFigures>.Missing]

    package init(
        name: String, id: String, status: String, uptimeSeconds: Int, wantedWorkers: Int,
        workers: [WorkerSurvey<WorkerFigures>.Worker], missing: [WorkerSurvey<WorkerFigures>.Missing]
    ) {
        self.name = name
        self.id = id
        self.status = status
        self.uptimeSeconds = uptimeSeconds
        self.wantedWorkers = wantedWorkers
        self.workers = workers
        self.missing = missing
    }
}
