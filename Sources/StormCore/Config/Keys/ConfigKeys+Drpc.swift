extension ConfigKeys {
    static let drpc: [ConfigKeyInfo] = [
        .strings("drpc.servers", nil, "hosts of the DRPC servers"),
        .int("drpc.port", 3772, must: .anyPort, "port for those who ask; 0: any free one"),
        .int("drpc.invocations.port", 3773, must: .anyPort, "port for the topologies that answer; 0: any free one"),
        .int(
            "drpc.http.port", 3774, must: .between(-1, 65535),
            "port for those who ask by HTTP; -1: none, 0: any free one"
        ),
        .int("drpc.https.port", -1, must: .between(-1, 65535), "port for those who ask by HTTPS; -1: none"),
        .int("drpc.worker.threads", 64, must: .atLeast(1), "questions that are taken at the same time"),
        .int(
            "drpc.invocations.threads", 64, must: .atLeast(1),
            "topology connections that are served at the same time"
        ),
        .int("drpc.queue.size", 128, must: .atLeast(1), "questions that may wait"),
        .number("drpc.max_buffer_size", 1_048_576, must: .atLeast(1024), unit: .bytes, "longest message that is taken"),
        .int(
            "drpc.request.timeout.secs", 600, must: .atLeast(1), unit: .seconds,
            "a question unanswered for so long has failed"
        ),
        .without("drpc.childopts", .stringOrList, "-Xmx768m", noJVM),
        .without("drpc.authorizer", .string, noAuthPlugins),
        .without("drpc.authorizer.acl.filename", .string, "drpc-auth-acl.yaml", noAuthPlugins),
        .without("drpc.authorizer.acl.strict", .bool, false, noAuthPlugins),
        .without("drpc.http.filter", .string, noAuthPlugins),
        .without(
            "drpc.http.creds.plugin", .string,
            "org.apache.storm.security.auth.DefaultHttpCredentialsPlugin", noAuthPlugins
        ),
        .without("drpc.disable.http.binding", .bool, true, noTLS),
    ]
}
