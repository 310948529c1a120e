extension ConfigKeys {
    static let drpc: [ConfigKeyInfo] = [
        .without("drpc.servers", .stringList, noDRPC),
        .without("drpc.port", .int, 3772, noDRPC),
        .without("drpc.invocations.port", .int, 3773, noDRPC),
        .without("drpc.http.port", .int, 3774, noDRPC),
        .without("drpc.https.port", .int, -1, noDRPC),
        .without("drpc.worker.threads", .int, 64, noDRPC),
        .without("drpc.invocations.threads", .int, 64, noDRPC),
        .without("drpc.queue.size", .int, 128, noDRPC),
        .without("drpc.max_buffer_size", .number, 1_048_576, noDRPC),
        .without("drpc.request.timeout.secs", .int, 600, noDRPC),
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
