import StormSubmission
import StormTestSupport
import Testing

@testable import StormNimbus

@Suite struct DownloadsTests {
    /// Of the file's content.
    private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func abandonedOnesGiveWayAfterAMinuteTheLongestIdleFirst() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("abc", to: "file")
        let time = ManualTime()
        let downloads = Downloads(countMax: 2, chunkBytes: 1, idleMilliseconds: 600_000, time: time)
        let first = try await downloads.begin(file, sha256: abc)
        time.advance(seconds: 1)
        let second = try await downloads.begin(file, sha256: abc)
        time.advance(seconds: 58)
        #expect(try await downloads.next(first).count == 1)
        await #expect(throws: TransferError.tooMany(2)) { _ = try await downloads.begin(file, sha256: abc) }
        time.advance(seconds: 2)
        let third = try await downloads.begin(file, sha256: abc)
        await #expect(throws: TransferError.unknown(second)) { _ = try await downloads.next(second) }
        await #expect(throws: TransferError.tooMany(2)) { _ = try await downloads.begin(file, sha256: abc) }
        #expect(try await downloads.next(first).count == 1)
        #expect(try await downloads.next(third).count == 1)
    }

    /// The file of one was closed under its client, who came while that of another was being closed.
    @Test func thoseUsedWhileOthersExpireGoOn() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("abc", to: "file")
        let time = ManualTime()
        let downloads = Downloads(countMax: 32, chunkBytes: 2, idleMilliseconds: 600_000, time: time)
        var sessions: [String] = []
        for _ in 0..<32 { sessions.append(try await downloads.begin(file, sha256: abc)) }
        time.advance(seconds: 601)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await downloads.expire() }
            for session in sessions {
                group.addTask {
                    var bytes: [UInt8]
                    do {
                        bytes = try await downloads.next(session)
                    } catch let error as TransferError where error == .unknown(session) {
                        return
                    }
                    bytes += try await downloads.next(session)
                    #expect(bytes == Array("abc".utf8))
                    #expect(try await downloads.next(session) == [])
                }
            }
            try await group.waitForAll()
        }
    }

    /// A disk that gives other bytes than were stored was believed for as long as nimbus lived.
    @Test func whatIsNoLongerWhatItWasEndsWithAnError() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("abd", to: "file")
        let downloads = Downloads(countMax: 1, chunkBytes: 8, idleMilliseconds: 600_000, time: ManualTime())
        let session = try await downloads.begin(file, sha256: abc)
        #expect(try await downloads.next(session) == Array("abd".utf8))
        await #expect(throws: DiskError.self) { _ = try await downloads.next(session) }
        await #expect(throws: TransferError.unknown(session)) { _ = try await downloads.next(session) }
    }
}
