extension ConfigKeys {
    static let zookeeper: [ConfigKeyInfo] = [
        .strings(
            "storm.zookeeper.servers", ["localhost"], must: .nonEmpty,
            "hosts of the ensemble, each with or without its own :port"
        ),
        .int("storm.zookeeper.port", 2181, must: .port, "port of the servers that are listed without one"),
        .string(
            "storm.zookeeper.root", "/storm", must: .znodePath,
            "znode under which everything of this cluster lies"
        ),
        .int(
            "storm.zookeeper.session.timeout", 20000, must: .atLeast(100), unit: .milliseconds,
            "how long a silent client keeps its session"
        ),
        .int(
            "storm.zookeeper.connection.timeout", 15000, must: .atLeast(100), unit: .milliseconds,
            "how long to try before a first connection is given up"
        ),
        .without("storm.zookeeper.retry.times", .int, 5, noNeed),
        .without("storm.zookeeper.retry.interval", .int, 1000, noNeed),
        .without("storm.zookeeper.retry.intervalceiling.millis", .int, 30000, noNeed),
        .without("storm.zookeeper.auth.scheme", .string, openZnodes),
        .withoutSecret("storm.zookeeper.auth.payload", openZnodes),
        .without("storm.zookeeper.topology.auth.scheme", .string, openZnodes),
        .withoutSecret("storm.zookeeper.topology.auth.payload", openZnodes),
        .without("storm.zookeeper.superACL", .string, openZnodes),
        .without("storm.zookeeper.drpcACL", .string, openZnodes),
        .without("storm.zookeeper.ssl.enable", .bool, false, noZooKeeperTLS),
        .without("storm.zookeeper.ssl.keystore.path", .string, noZooKeeperTLS),
        .withoutSecret("storm.zookeeper.ssl.keystore.password", noZooKeeperTLS),
        .without("storm.zookeeper.ssl.truststore.path", .string, noZooKeeperTLS),
        .withoutSecret("storm.zookeeper.ssl.truststore.password", noZooKeeperTLS),
        .without("storm.zookeeper.ssl.hostnameVerification", .bool, false, noZooKeeperTLS),
        .without("storm.nimbus.zookeeper.acls.check", .bool, true, openZnodes),
        .without("storm.nimbus.zookeeper.acls.fixup", .bool, true, openZnodes),
        .without("transactional.zookeeper.root", .string, "/transactional", clusterZooKeeper),
        .without("transactional.zookeeper.servers", .stringList, clusterZooKeeper),
        .without("transactional.zookeeper.port", .int, clusterZooKeeper),
    ]
}
