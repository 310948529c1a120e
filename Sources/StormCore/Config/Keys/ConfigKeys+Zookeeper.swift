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
        .int(
            "storm.zookeeper.retry.times", 5, must: .atLeast(0),
            "attempts of a call that failed for a passing reason"
        ),
        .int(
            "storm.zookeeper.retry.interval", 1000, must: .atLeast(1), unit: .milliseconds,
            "first pause between attempts"
        ),
        .int(
            "storm.zookeeper.retry.intervalceiling.millis", 30000, must: .atLeast(1), unit: .milliseconds,
            "longest pause between attempts"
        ),
        .string("storm.zookeeper.auth.scheme", nil, "scheme by which the daemons authenticate, such as digest"),
        .secret("storm.zookeeper.auth.payload", "what the daemons authenticate with: user:password for digest"),
        .string(
            "storm.zookeeper.topology.auth.scheme", nil,
            "scheme by which one topology's workers authenticate; set at submit"
        ),
        .secret(
            "storm.zookeeper.topology.auth.payload",
            "what one topology's workers authenticate with; set at submit"
        ),
        .string("storm.zookeeper.superACL", nil, "scheme:id that may do everything under the root"),
        .string("storm.zookeeper.drpcACL", nil, "id that may read the keys of DRPC tokens"),
        .without("storm.zookeeper.ssl.enable", .bool, false, noZooKeeperTLS),
        .without("storm.zookeeper.ssl.keystore.path", .string, noZooKeeperTLS),
        .withoutSecret("storm.zookeeper.ssl.keystore.password", noZooKeeperTLS),
        .without("storm.zookeeper.ssl.truststore.path", .string, noZooKeeperTLS),
        .withoutSecret("storm.zookeeper.ssl.truststore.password", noZooKeeperTLS),
        .without("storm.zookeeper.ssl.hostnameVerification", .bool, false, noZooKeeperTLS),
        .bool("storm.nimbus.zookeeper.acls.check", true, "whether nimbus checks access lists when it starts"),
        .bool("storm.nimbus.zookeeper.acls.fixup", true, "whether nimbus mends access lists that are wrong"),
        .without("transactional.zookeeper.root", .string, "/transactional", clusterZooKeeper),
        .without("transactional.zookeeper.servers", .stringList, clusterZooKeeper),
        .without("transactional.zookeeper.port", .int, clusterZooKeeper),
    ]
}
