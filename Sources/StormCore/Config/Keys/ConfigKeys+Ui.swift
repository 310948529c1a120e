extension ConfigKeys {
    static let ui: [ConfigKeyInfo] = [
        .string("ui.host", "0.0.0.0", must: .nonEmpty, "address that the web page listens on"),
        .int("ui.port", 8080, must: .anyPort, "port of the web page; 0: any free one"),
        .string("ui.title", "Storm UI", "title of the web page"),
        .without("ui.childopts", .stringOrList, "-Xmx768m", noJVM),
        .int("ui.pagination", 20, must: .atLeast(-1), "rows per table; -1: all"),
        .without("ui.filter", .string, noAuthPlugins),
        .without("ui.filter.params", .map, noAuthPlugins),
        .without(
            "ui.http.creds.plugin", .string,
            "org.apache.storm.security.auth.DefaultHttpCredentialsPlugin", noAuthPlugins
        ),
        .int("ui.header.buffer.bytes", 4096, must: .atLeast(512), unit: .bytes, "longest header of a request"),
        .without("ui.disable.http.binding", .bool, true, noTLS),
        .bool("ui.disable.spout.lag.monitoring", true, "leave out the lag of spouts"),
        .string("ui.project.bugtracker.url", nil, "where the page sends those who found a fault"),
        .string("ui.central.logging.url", nil, "where the page sends those who look for logs"),
        .without("ui.https.port", .int, noTLS),
    ]
}
