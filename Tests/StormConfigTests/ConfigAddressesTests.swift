@testable import StormCore
import Testing

@Suite struct ConfigAddressesTests {
    @Test(arguments: [
        ("zk1", "zk1:2181"), ("zk1:2182", "zk1:2182"), ("::1", "[::1]:2181"), ("[::1]", "[::1]:2181"),
        ("[::1]:5", "[::1]:5"), ("10.0.0.1", "10.0.0.1:2181"),
    ])
    func aServerWithoutAPortGetsTheCommonOne(server: String, address: String) {
        #expect(Config.address(server, defaultPort: 2181) == address)
    }

    @Test func allServersOfTheEnsembleAreListed() throws {
        let config = try Config.resolve([
            ConfigLayer(["storm.zookeeper.servers": ["a", "b:1"], "storm.zookeeper.port": 7], from: .program("test"))
        ])
        #expect(config.zookeeperAddresses == ["a:7", "b:1"])
    }
}
