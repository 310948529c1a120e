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
