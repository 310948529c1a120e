extension ConfigKeys {
    static let ui: [ConfigKeyInfo] = [
        .string("ui.host", "0.0.0.0", must: .nonEmpty, "address that the web page listens on"),
        .int("ui.port", 8080, must: .anyPort, "port of the web page; 0: any free one"),
        .string("ui.title", "Storm UI", "title of the web page"),
        .without("ui.childopts", .stringOrList, "-Xmx768m", noJVM),
        .without("ui.pagination", .int, 20, noNeed),
        .without("ui.filter", .string, noAuthPlugins),
        .without("ui.filter.params", .map, noAuthPlugins),
        .without(
            "ui.http.creds.plugin", .string,
            "org.apache.storm.security.auth.DefaultHttpCredentialsPlugin", noAuthPlugins
        ),
        .without("ui.header.buffer.bytes", .int, 4096, noNeed),
        .without("ui.disable.http.binding", .bool, true, noTLS),
        .without("ui.disable.spout.lag.monitoring", .bool, true, noNeed),
        .string("ui.project.bugtracker.url", nil, "where the page sends those who found a fault"),
        .string("ui.central.logging.url", nil, "where the page sends those who look for logs"),
        .without("ui.https.port", .int, noTLS),
    ]
}
