import StormCore
import StormManifest
import StormSupervisor
import Testing

@testable import storm_cli

@Suite struct SupervisorSettingsTests {
    @Test func aSupervisorIsToldWhatTheConfigurationSays() throws {
        let config = try Config.resolve([
            ConfigLayer(
                [
                    "storm.local.dir": "/var/storm", "storm.local.hostname": "h1", "supervisor.slots.ports": [1, 2],
                    "storm.zookeeper.servers": ["z"], "storm.zookeeper.port": 7, "storm.zookeeper.root": "/s",
                    "supervisor.worker.shutdown.sleep.secs": 9, "supervisor.blobstore.download.max_retries": 0,
                    "supervisor.worker.timeout.secs": 20, "supervisor.worker.start.timeout.secs": 50,
                    "worker.max.timeout.secs": 300, "supervisor.cpu.capacity": 200, "supervisor.enable": false,
                    "my.key": "x",
                ], from: .program("test"))
        ])
        let settings = SupervisorConfiguration(config, stopsWorkers: true, program: "/bin/storm")
        #expect(settings.paths.local == "/var/storm" && settings.paths.logs == "/var/storm/logs")
        #expect(settings.host == "h1" && settings.ports == [1, 2])
        #expect(settings.zookeeper.servers == ["z:7"] && settings.zookeeper.root == "/s")
        #expect(settings.zookeeper.sessionTimeoutMilliseconds == 20_000)
        #expect(settings.restart.stopGrace == .seconds(9) && settings.downloadAttemptsMax == 1)
        #expect(settings.beatLimits == BeatWatch.Limits(first: .seconds(50), later: .seconds(20)))
        #expect(settings.beatLookInterval == .seconds(2) && settings.silenceMaxSeconds == 300)
        #expect(settings.resources["cpu.pcore.percent"] == 200)
        #expect(!settings.isEnabled && settings.stopsWorkersAtEnd)
        #expect(settings.stormProgram == "/bin/storm" && settings.conf == config.explicit)
    }

    @Test func withoutAHostNameTheMachinesOwnIsTaken() {
        let settings = SupervisorConfiguration(.defaults, stopsWorkers: false, program: "/bin/storm")
        #expect(settings.host == LocalHost.name && !settings.host.isEmpty)
        #expect(settings.paths.local.hasPrefix("/") && settings.paths.local.hasSuffix("/storm-local"))
    }
}
