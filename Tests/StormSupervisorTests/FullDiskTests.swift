import FoundationEssentials
import Glibc
import StormCluster
import StormProcess
import StormSupervisor
import Testing

/// A file system in memory that is soon full; gone with the value.
final class TinyDisk: Sendable {
    let path: String

    /// Mounting is root's business.
    static var isPossible: Bool { geteuid() == 0 && (try? TinyDisk()) != nil }

    struct NotMounted: Error {
        let number: Int32
    }

    /// - Parameter path: made if missing; nil: somewhere.
    init(_ path: String? = nil) throws {
        let path = path ?? FileManager.default.temporaryDirectory.path + "/storm-tiny-disk-\(getpid())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        self.path = path
        guard "size=256k".withCString({ mount("tmpfs", path, "tmpfs", 0, $0) }) == 0 else {
            throw NotMounted(number: errno)
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        // An empty folder that stays behind harms nobody.
        try? FileManager.default.removeItem(atPath: path)
    }

    private var filler: String { path + "/filler" }

    /// Until not a byte more fits.
    func fill() throws {
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let bytes = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, bytes, bytes.count) > 0 {}
        #expect(errno == ENOSPC)
    }

    func empty() throws { try FileManager.default.removeItem(atPath: filler) }
}

@Suite(.timeLimit(.minutes(2)), .enabled(if: TinyDisk.isPossible, "only root can mount a small disk"))
struct FullDiskTests {
    @Test
    func fullDiskStopsNoWorkerIsToldAndIsForgottenWhenThereIsRoom() async throws {
        let cluster = try await TestCluster()
        let disk = try TinyDisk(cluster.paths.local)
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher)
        let first = try await cluster.submit("t", code: "#!/bin/sh\n")
        let second = try await cluster.submit("u", code: "#!/bin/sh\n# u\n")
        try await cluster.assign("t", first, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") {
                try launcher.live.count == 1 && cluster.approval(port: 6700) != nil
            }
            try disk.fill()
            try await cluster.assign("u", second, to: supervisor.id, ports: [6701])
            try await eventually("the download's failure is not told") {
                try await cluster.errors("u").contains {
                    $0.kind == "download" && $0.message.contains("No space left")
                }
            }
            #expect(launcher.launches.count == 1)
            #expect(launcher.live.count == 1)
            // A worker that dies now cannot be started; that is told, and tried again ever more slowly.
            launcher.live.first?.end(.exited(code: 1))
            try await eventually("the start's failure is not told") {
                try await cluster.errors("t").filter { $0.kind == "launch" && $0.message.contains("No space left") }
                    .count >= 3
            }
            let delays = try await cluster.errors("t").filter { $0.kind == "launch" }.map(\.message)
            #expect(Set(delays.map { $0.split(separator: ";")[1] }).count == delays.count, "\(delays)")
            try disk.empty()
            try await eventually("no workers when there is room again") { launcher.live.count == 2 }
            // A process that could not be noted down was ended again; there was no loop of them.
            #expect((3...6).contains(launcher.launches.count))
            #expect(launcher.violations == [])
        }
    }
}
