import FoundationEssentials
import StormProcess
import Testing
import ZooKeeperServer

/// Needs Java and Debian's package zookeeper.
private let isInstalled = (try? JavaInstallation.find()) != nil  // any failure means: skip

@Suite(.enabled(if: isInstalled, "no Java or no ZooKeeper on this machine"), .timeLimit(.minutes(3)))
struct ZooKeeperServerTests {
    @Test
    func serverServesStopsAndRestartsOnTheSamePort() async throws {
        let server = try await ZooKeeperServer.start(.forTests)
        #expect(await server.ask("ruok") == "imok")
        #expect(await server.ask("mntr")?.contains("zk_server_state\tstandalone") == true)
        try await server.stop()
        #expect(await !server.isRunning)
        #expect(await server.ask("ruok") == nil)
        #expect(FreePort.isFree(server.port))

        try await server.restart()
        #expect(await server.ask("ruok") == "imok")
        try await server.kill()
        try await server.restart()
        #expect(await server.ask("srvr")?.contains("Mode: standalone") == true)

        try await server.remove()
        #expect(!FileManager.default.fileExists(atPath: server.stateDirectory))
    }

    @Test
    func occupiedPortIsReported() async throws {
        let server = try await ZooKeeperServer.start(.forTests)
        var second = ZooKeeperServerConfiguration.forTests
        second.port = server.port
        let error = try await #require(throws: ZooKeeperServerError.self) {
            _ = try await ZooKeeperServer.start(second)
        }
        #expect(error.code == .portInUse)
        #expect(error.message.contains("\(server.port)"))
        try await server.remove()
    }

    @Test
    func deathAtStartShowsTheLog() async throws {
        var configuration = ZooKeeperServerConfiguration.forTests
        configuration.jvmArguments = ["-XX:NoSuchOption"]
        let error = try await #require(throws: ZooKeeperServerError.self) {
            _ = try await ZooKeeperServer.start(configuration)
        }
        #expect(error.code == .diedAtStart)
        #expect(error.description.contains("NoSuchOption"))
    }

    @Test
    func dataFolderSurvivesAndLogsAreKept() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/storm-zookeeper-tests-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }  // leftovers harm nobody
        var configuration = ZooKeeperServerConfiguration.forTests
        configuration.stateDirectory = folder
        let server = try await ZooKeeperServer.start(configuration)
        try await server.restart()
        try await server.remove()
        #expect(FileManager.default.fileExists(atPath: folder + "/data/version-2"))
        #expect(FileManager.default.fileExists(atPath: folder + "/zookeeper.log"))
        #expect(FileManager.default.fileExists(atPath: folder + "/zookeeper.log.1"))
    }
}

struct JavaInstallationTests {
    @Test
    func missingJavaSaysWhatToInstall() {
        let error = #expect(throws: ZooKeeperServerError.self) {
            _ = try JavaInstallation.find(environment: ["PATH": "/no/such/folder"])
        }
        #expect(error?.code == .javaMissing)
        #expect(error?.message.contains("apt-get install") == true)
    }

    @Test
    func missingJarsSayWhatToInstall() {
        // Any program called java will do: it is not started.
        let folder = FileManager.default.temporaryDirectory.path + "/storm-java-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }  // leftovers harm nobody
        #expect(throws: Never.self) {
            try FileManager.default.createDirectory(atPath: folder + "/bin", withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: "/bin/true", toPath: folder + "/bin/java")
        }
        let error = #expect(throws: ZooKeeperServerError.self) {
            _ = try JavaInstallation.find(environment: ["JAVA_HOME": folder], jarFolder: "/no/such/jars")
        }
        #expect(error?.code == .jarsMissing)
        #expect(error?.message.contains("apt-get install zookeeper") == true)
    }
}
