import StormSubmission
import StormTestSupport
import Testing

@testable import StormNimbus

/// What is in progress, and what waits to be submitted.
@Suite struct UploadsTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()

    init() throws { folder = try TemporaryFolder() }

    private func uploads(_ change: (inout Uploads.Limits) -> Void = { _ in }) async throws -> Uploads {
        var limits = Uploads.Limits()
        change(&limits)
        let directory = BlobDirectory(root: folder.path)
        try await directory.prepare()
        return Uploads(directory: directory, limits: limits, time: time)
    }

    private func upload(_ uploads: Uploads, _ text: String) async throws -> String {
        let location = try await uploads.begin()
        try await uploads.append(location, Array(text.utf8))
        try await uploads.finish(location)
        return location
    }

    @Test func finishedOnesDoNotCountAsOpen() async throws {
        let uploads = try await uploads { $0.openMax = 2 }
        var locations: [String] = []
        for number in 0..<100 { locations.append(try await upload(uploads, "\(number)")) }
        for location in locations { #expect(await uploads.finished(location) != nil) }
        _ = try await uploads.begin()
        _ = try await uploads.begin()
        await #expect(throws: TransferError.tooMany(2)) { _ = try await uploads.begin() }
    }

    @Test func abandonedOnesGiveWayAfterAMinuteTheLongestIdleFirst() async throws {
        let uploads = try await uploads { $0.openMax = 2 }
        let first = try await uploads.begin()
        let second = try await uploads.begin()
        time.advance(seconds: 59)
        try await uploads.append(first, [1])
        await #expect(throws: TransferError.tooMany(2)) { _ = try await uploads.begin() }
        time.advance(seconds: 1)
        let third = try await uploads.begin()
        #expect(await uploads.locations == Set([first, third]))
        await #expect(throws: TransferError.unknown(second)) { try await uploads.append(second, [1]) }
        // The one that was in use less than a minute ago goes on.
        await #expect(throws: TransferError.tooMany(2)) { _ = try await uploads.begin() }
        try await uploads.append(first, [2])
        try await uploads.finish(first)
        #expect(await uploads.finished(first) != nil)
    }

    /// The file of one was closed under its client, who came while that of another was being closed.
    @Test func thoseUsedWhileOthersExpireGoOn() async throws {
        let uploads = try await uploads()
        var locations: [String] = []
        for _ in 0..<32 { locations.append(try await uploads.begin()) }
        time.advance(seconds: 601)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await uploads.expire() }
            for location in locations {
                group.addTask {
                    do {
                        try await uploads.append(location, [1, 2, 3])
                    } catch let error as TransferError where error == .unknown(location) {
                        return
                    }
                    #expect(try await uploads.finish(location).sizeBytes == 3)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func asLongAsThereIsRoomNoneGivesWay() async throws {
        let uploads = try await uploads { $0.openMax = 2 }
        let first = try await uploads.begin()
        time.advance(seconds: 300)
        let second = try await uploads.begin()
        #expect(await uploads.locations == Set([first, second]))
    }

    @Test func ofTooManyFinishedOnesTheLongestUnusedGoes() async throws {
        let uploads = try await uploads { $0.finishedMax = 3 }
        var locations: [String] = []
        for number in 0..<3 { locations.append(try await upload(uploads, "\(number)")) }
        // Submitted again: now it is the newest.
        #expect(await uploads.finished(locations[0]) != nil)
        locations.append(try await upload(uploads, "3"))
        #expect(await uploads.locations == Set([locations[0], locations[2], locations[3]]))
        #expect(await uploads.protectedContents.count == 3)
    }

    @Test func ofTooManyBytesTheLongestUnusedGoAndTheLastStays() async throws {
        let uploads = try await uploads { $0.finishedBytesMax = 10 }
        let first = try await upload(uploads, "aaaaaa")
        // The same content again takes nothing more.
        let second = try await upload(uploads, "aaaaaa")
        #expect(await uploads.locations == Set([first, second]))
        let third = try await upload(uploads, "bbbbbb")
        #expect(await uploads.locations == Set([third]))
        let large = try await upload(uploads, "more than ten bytes")
        #expect(await uploads.locations == Set([large]))
    }

    @Test func aFinishedOneStaysForAnHourAfterItsLastUse() async throws {
        let uploads = try await uploads()
        let location = try await upload(uploads, "code")
        time.advance(seconds: 3000)
        #expect(await uploads.finished(location) != nil)
        time.advance(seconds: 3000)
        await uploads.expire()
        #expect(await uploads.finished(location) != nil)
        time.advance(seconds: 3600)
        await uploads.expire()
        #expect(await uploads.finished(location) == nil)
    }
}
