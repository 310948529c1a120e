import CheckerLog
import Glibc
import Storm

/// The step between spout and sink; its diary shows in which process it runs.
final class Work: BasicBolt {
    static let outputs: Outputs = ["number", "spout", "payload"]

    private let folder: String
    private let failEvery: Int
    private var crash: Crash?

    init(folder: String, failEvery: Int) {
        self.folder = folder
        self.failEvery = failEvery
    }

    func prepare(_ context: TaskContext) throws {
        let checks = try CheckFolder(folder)
        // Only the first task, so that the other workers go on.
        if context.taskIndex == 0 { crash = Crash(checks) }
        let path = checks.diary(
            component: context.component, index: context.taskIndex, port: context.workerPort, pid: getpid())
        let diary = try DiaryWriter(path)
        diary.note(CheckRecord(.opened, spout: 0, number: Int(getpid()), timeMicroseconds: WallClock.microseconds))
        try diary.flush()
    }

    func execute(_ tuple: Tuple, _ out: BasicCollector) throws {
        crash?.look()
        let number = tuple.int(0)
        if failEvery > 0, tuple.int(2) == 0, number % failEvery == 0 { throw FailedError() }
        out.emit(number, tuple.int(1), tuple.string(3))
    }
}
