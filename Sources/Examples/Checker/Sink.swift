import CheckerLog
import Glibc
import Storm

/// Acks a message when it is in a file.
final class Sink: Bolt {
    private let folder: String
    private var diary: DiaryWriter?

    init(folder: String) { self.folder = folder }

    func prepare(_ context: TaskContext, _ out: Collector) throws {
        let path = try CheckFolder(folder).diary(
            component: context.component, index: context.taskIndex, port: context.workerPort, pid: getpid())
        let diary = try DiaryWriter(path)
        diary.note(CheckRecord(.opened, spout: 0, number: Int(getpid()), timeMicroseconds: WallClock.microseconds))
        try diary.flush()
        self.diary = diary
    }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        guard let diary else { return out.fail(tuple) }
        diary.note(
            CheckRecord(
                .arrived, spout: tuple.int(1), number: tuple.int(0), timeMicroseconds: WallClock.microseconds))
        do {
            try diary.flush()
        } catch {
            // The tuple fails with the error and comes again: it must not be written down twice then.
            diary.discard()
            throw error
        }
        out.ack(tuple)
    }
}
