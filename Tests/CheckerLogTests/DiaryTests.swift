import CheckerLog
import Glibc
import Testing

/// Diaries on a disk: what a killed process leaves is read by the next.
@Suite final class DiaryTests {
    private let path: String
    private let folder: CheckFolder

    init() throws {
        var template = Array("/tmp/checker-log-tests.XXXXXX".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
        folder = try CheckFolder(path)
    }

    deinit {
        for component in CheckComponent.allCases {
            // Nothing depends on the folder of a test being gone.
            for file in (try? folder.diaries(component: component.rawValue)) ?? [] { unlink(file) }
        }
        unlink(folder.stopFile)
        rmdir(path)
    }

    private func record(_ kind: CheckRecord.Kind, _ number: Int) -> CheckRecord {
        CheckRecord(kind, spout: 2, number: number, attempt: 3, detail: 4, timeMicroseconds: 1_700_000_000_123_456)
    }

    private func write(_ records: [CheckRecord], pid: Int32) throws -> String {
        let file = folder.diary(component: "numbers", index: 2, port: 6700, pid: pid)
        let diary = try DiaryWriter(file)
        for record in records { diary.note(record) }
        try diary.flush()
        return file
    }

    private func read(_ reader: inout DiaryReader) throws -> [CheckRecord] {
        var records: [CheckRecord] = []
        try reader.read { records.append($0) }
        return records
    }

    @Test func whatWasWrittenIsRead() throws {
        let records = [record(.opened, 17), record(.emittedThrough, 0), record(.failed, 0), record(.acked, 0)]
        var reader = DiaryReader(try write(records, pid: 1))
        #expect(try read(&reader) == records)
        #expect(try read(&reader).isEmpty)
    }

    @Test func aRecordThatIsCutOffWaitsForItsRest() throws {
        let file = try write([record(.acked, 0)], pid: 1)
        var bytes: [UInt8] = []
        record(.acked, 1).append(to: &bytes)
        let descriptor = open(file, O_WRONLY | O_APPEND)
        defer { close(descriptor) }
        #expect(Glibc.write(descriptor, bytes, 10) == 10)
        var reader = DiaryReader(file)
        #expect(try read(&reader).count == 1)
        #expect(try read(&reader).isEmpty)
        #expect(bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + 10, 14) } == 14)
        #expect(try read(&reader) == [record(.acked, 1)])
    }

    @Test func aFileWithSomethingElseIsRefused() throws {
        let file = folder.diary(component: "numbers", index: 2, port: 6700, pid: 9)
        let descriptor = open(file, O_WRONLY | O_CREAT, 0o644)
        #expect(Glibc.write(descriptor, [UInt8](repeating: 0xFF, count: 48), 48) == 48)
        close(descriptor)
        var reader = DiaryReader(file)
        #expect(throws: CheckError.self) { try read(&reader) }
    }

    @Test func aSpoutGoesOnWhereItsProcessesEnded() throws {
        _ = try write([record(.emittedThrough, 9)] + [0, 1, 3, 8].map { record(.acked, $0) }, pid: 10)
        // The later process has the lower number, so its file comes first.
        _ = try write([record(.emittedThrough, 12), record(.acked, 2), record(.acked, 12)], pid: 1)
        let window = try NumberWindow(diaries: folder.diaries(component: "numbers", index: 2))
        #expect(window.lowWater == 4)
        #expect(window.next == 13)
        #expect(window.open == [4, 5, 6, 7, 9, 10, 11])
    }

    @Test func diariesOfTaskOneAreNotThoseOfTaskTen() throws {
        for index in [1, 10] {
            _ = try DiaryWriter(folder.diary(component: "sink", index: index, port: 1, pid: 1))
        }
        #expect(try folder.diaries(component: "sink", index: 1).count == 1)
        #expect(try folder.diaries(component: "sink").count == 2)
    }

    @Test func aWindowOfAckedNumbersTakesNoRoom() {
        var window = NumberWindow()
        for number in 0..<100_000 {
            window.emit(below: number + 1)
            window.ack(number)
            window.ack(number)
        }
        #expect(window.isEmpty)
        #expect(window.lowWater == 100_000)
        window.ack(100_005)
        #expect(window.next == 100_000)
    }
}
